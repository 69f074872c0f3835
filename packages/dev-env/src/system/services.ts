import { pathToFileURL } from 'node:url';
import { type DatabaseService, serviceSchemas } from '@chat-manager/database';
import { phonePageLink } from '@chat-manager/emulator/phone-link';
import type { Secrets } from './secrets.ts';
import type { Servers } from './servers.ts';

/** Where the parts of the system are reached. */
export type Places = {
	databaseUrl: (service: DatabaseService) => string;
	servers: Pick<Servers, 'natsUrl' | 'natsLogin' | 'natsCluster'>;
	gatewayPort: number;
	gatewayHost: string;
	/** Undefined where no simulated network runs. */
	emulatorPort: number | undefined;
	emulatorState: string;
	dashboardDir: string | undefined;
	/** Where mails are written instead of being sent; undefined where a mail server is set. */
	mailDir: string | undefined;
};

export const serviceNames = ['emulator', 'storage', 'webhooks', 'connector', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

export type Environment = Record<string, string | undefined>;

/** The settings of each service, from the secrets and the places. */
export const environments: Record<
	ServiceName,
	(secrets: Secrets, places: Places, replica: number) => Environment
> = {
	emulator: (secrets, { emulatorPort, emulatorState }) => ({
		CM_EMULATOR_PORT: String(emulatorPort),
		CM_EMULATOR_STATE: emulatorState,
		CM_EMULATOR_ADMIN_TOKEN: secrets.emulatorAdmin,
	}),
	storage: (secrets, places) => backend('storage', secrets, places),
	webhooks: (secrets, places) => backend('webhooks', secrets, places),
	connector: (secrets, places, replica) => ({
		...backend('connector', secrets, places),
		CM_CONNECTOR_ID: `connector-${replica}`,
		CM_SIMULATOR_URL:
			places.emulatorPort === undefined ? undefined : `ws://127.0.0.1:${places.emulatorPort}/ws/chat`,
	}),
	gateway: (secrets, places) => ({
		...backend('gateway', secrets, places),
		PORT: String(places.gatewayPort),
		HOST: places.gatewayHost,
		CM_GRANT_PRIVATE_KEY: secrets.grantPrivateKey,
		CM_AUTH_SECRET: secrets.auth,
		CM_DASHBOARD_DIR: places.dashboardDir,
		...(places.mailDir === undefined ? {} : { CM_MAIL_URL: pathToFileURL(places.mailDir).href }),
		CM_SIMULATED_PHONE_URL:
			places.emulatorPort === undefined
				? undefined
				: phonePageLink(`http://127.0.0.1:${places.emulatorPort}`, secrets.emulatorAdmin),
	}),
};

function backend(name: DatabaseService, secrets: Secrets, places: Places): Environment {
	const { natsCluster, natsLogin } = places.servers;
	const { user, password } = natsLogin(name);
	return {
		DATABASE_URL: places.databaseUrl(name),
		DATABASE_SCHEMA: serviceSchemas[name],
		NATS_URL: places.servers.natsUrl,
		NATS_USER: user,
		NATS_PASSWORD: password,
		...(natsCluster.length === 0 ? {} : { CM_NATS_REPLICAS: String(natsCluster.length) }),
		CM_GRANT_PUBLIC_KEY: secrets.grantPublicKey,
		CM_MASTER_KEYS: `k1:${secrets.services[name]?.masterKey}`,
	};
}
