import { type DatabaseService, roleOf, serviceSchemas } from '@chat-manager/database';
import type { Setting } from '@chat-manager/service';
import { settingsFor } from './apps.ts';

export const services = Object.keys(serviceSchemas) as DatabaseService[];
export const natsServers = ['nats-1', 'nats-2', 'nats-3'] as const;
export const database = 'chat_manager';

/** A variable of `.env` without which nothing starts; compose itself then says which one is missing. */
export function needed(name: string): string {
	return `\${${name}:?is not set; infra/make-env.sh makes the .env}`;
}

/** What the operator runs now and then, each with a NATS user of its own. */
export const commands = ['backup', 'restore'] as const;
export type Command = (typeof commands)[number];

/** Variables of `.env` that each service has one of: its own, and no other's. */
export const ownVariable = {
	database: (service: DatabaseService) => `CM_DATABASE_PASSWORD_${service.toUpperCase()}`,
	nats: (user: DatabaseService | Command | 'cluster') => `NATS_PASSWORD_${user.toUpperCase()}`,
	masterKeys: (service: DatabaseService) => `CM_MASTER_KEYS_${service.toUpperCase()}`,
};

export const natsUrl = natsServers.map((server) => `nats://${server}:4222`).join(',');
export const adminDatabaseUrl = `postgres://postgres:${needed('POSTGRES_PASSWORD')}@postgres:5432/${database}`;

/** What compose gives a service by itself, or from variables of `.env` that are made. */
function given(service: DatabaseService): Record<string, string> {
	return {
		DATABASE_URL: `postgres://${roleOf(service)}:${needed(ownVariable.database(service))}@postgres:5432/${database}`,
		NATS_URL: natsUrl,
		NATS_USER: service,
		NATS_PASSWORD: needed(ownVariable.nats(service)),
		CM_NATS_REPLICAS: String(natsServers.length),
		CM_MASTER_KEYS: needed(ownVariable.masterKeys(service)),
		CM_GRANT_PRIVATE_KEY: needed('CM_GRANT_PRIVATE_KEY'),
		CM_GRANT_PUBLIC_KEY: needed('CM_GRANT_PUBLIC_KEY'),
		CM_AUTH_SECRET: needed('CM_AUTH_SECRET'),
		CM_PUBLIC_URL: `https://${needed('CM_DOMAIN')}`,
		// The networks of compose are private ones, and only the proxy reaches the gateway from outside.
		CM_TRUSTED_PROXIES: 'uniquelocal',
	};
}

/** Not offered in `.env`, each for its reason; an override file can still set them. */
const notOffered: readonly string[] = [
	'DATABASE_SCHEMA', // The set-up of the database makes the default ones.
	'CM_CONNECTOR_ID', // One name for all replicas would be wrong; each makes up its own.
	'CM_ALLOWED_HOSTS', // Caddy passes the name on by which it was asked.
	// For a NATS elsewhere: the one here is on a network of its own.
	'NATS_CREDS_FILE',
	'NATS_CA_FILE',
	'NATS_CERT_FILE',
	'NATS_KEY_FILE',
];

/** Every setting of a service with what compose gives it; a required one that nobody gives is an error. */
export function environmentOf(service: DatabaseService): [string, string][] {
	const values = given(service);
	return settingsFor(service)
		.filter(({ name }) => !notOffered.includes(name))
		.map((setting) => [setting.name, values[setting.name] ?? optional(setting)]);
}

function optional({ name, required }: Setting): string {
	if (required)
		throw new Error(`docker-compose.yml gives no ${name}: say where it comes from (compose-settings.ts).`);
	return `\${${name}:-}`;
}

/** What `.env` may say beyond what it must, each once, with the services that take it. */
export function options(): (Setting & { services: DatabaseService[] })[] {
	const found = new Map<string, Setting & { services: DatabaseService[] }>();
	for (const service of services) {
		const offered = new Set(
			environmentOf(service).flatMap(([name, value]) => (value === `\${${name}:-}` ? [name] : [])),
		);
		for (const setting of settingsFor(service)) {
			if (!offered.has(setting.name)) continue;
			const known = found.get(setting.name);
			if (known === undefined) found.set(setting.name, { ...setting, services: [service] });
			else known.services.push(service);
		}
	}
	return [...found.values()];
}
