import { natsPasswordCommand } from '@chat-manager/bus';
import type { DatabaseService } from '@chat-manager/database';
import type { Setting } from '@chat-manager/service';
import { setUpConfig } from '../../packages/backend/src/set-up-config.ts';
import { apps } from './deployment/apps.ts';
import { commands, options, ownVariable, services } from './deployment/compose-settings.ts';

/** What `docker-compose.yml` reads from `.env`, made from the schemas of the settings. */
export function envExample(): string {
	return `# Made from the schemas of the settings by npm run generate. infra/make-env.sh makes a .env of it: it runs what stands behind
# "Make it:". docs/operate/compose.md tells the rest. Keep .env to yourself and in your backup: without it nothing can be read.

# --- What you decide ---

# The name by which people reach it; it must lead to this machine, so that Caddy gets a certificate for it. localhost to try it.
CM_DOMAIN=localhost

# --- Secrets ---

${secrets().map(lines).join('\n\n')}

# --- Options: take the # away and say something else ---

${options().map(option).join('\n\n')}
`;
}

type Secret = Pick<Setting, 'name' | 'description' | 'make'>;

function secrets(): Secret[] {
	const shared = ['CM_GRANT_PRIVATE_KEY', 'CM_GRANT_PUBLIC_KEY', 'CM_AUTH_SECRET'].map((name) => {
		const [setting] = services.flatMap((service) => find(service, name) ?? []);
		if (setting === undefined) throw new Error(`No service has the setting ${name}`);
		return setting;
	});
	const own = services.flatMap((service): Secret[] => {
		const database = setUpConfig.settings.find(({ name }) => name === ownVariable.database(service));
		const masterKeys = find(service, 'CM_MASTER_KEYS');
		return [
			...(database === undefined ? [] : [database]),
			natsPassword(service, service),
			...(masterKeys === undefined
				? []
				: [
						{
							...masterKeys,
							name: ownVariable.masterKeys(service),
							description: `Of ${service}: ${lowered(masterKeys.description)}`,
						},
					]),
		];
	});
	return [
		{
			name: 'POSTGRES_PASSWORD',
			description: 'The password of the superuser of Postgres; only the set-up uses it.',
			make: 'openssl rand -hex 32',
		},
		{
			name: ownVariable.nats('cluster'),
			description: 'With which the NATS servers know each other.',
			make: natsPasswordCommand,
		},
		...shared,
		...own,
		...commands.map((command) => natsPassword(command, `the command ${command}`)),
	];
}

function natsPassword(user: Parameters<typeof ownVariable.nats>[0], whose: string): Secret {
	return {
		name: ownVariable.nats(user),
		description: `The password of the NATS user of ${whose}. It begins with a letter: nats-server takes it for a number else.`,
		make: natsPasswordCommand,
	};
}

function find(service: DatabaseService, name: string): Setting | undefined {
	return apps[service].config.settings.find((setting) => setting.name === name);
}

function lines({ name, description, make }: Secret): string {
	if (make === undefined)
		throw new Error(`Say how a value of ${name} is made: .meta({ make }) in its schema.`);
	return `# ${description}\n# Make it: ${make}\n${name}=`;
}

function option({
	name,
	description,
	services: users,
	default: fallback,
	example,
	takes,
}: ReturnType<typeof options>[number]): string {
	const whose = users.length === services.length ? 'all services' : users.join(', ');
	const value = fallback === undefined ? (example ?? '') : [fallback].flat().join(',');
	return `# ${description} (${whose}; ${takes.replaceAll('`', '')})\n# ${name}=${value}`;
}

function lowered(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
