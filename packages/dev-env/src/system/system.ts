import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bootstrapDatabase, type DatabaseService, roleOf, serviceSchemas } from '@chat-manager/database';
import { assertPortFree, freePort, type Log } from '@chat-manager/embedded';
import { phonePageLink } from '@chat-manager/emulator/phone-link';
import { createProcesses, type ProcessOptions } from './processes.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { type Servers, startServers } from './servers.ts';
import type { ServiceProcess } from './service-process.ts';
import { type Environment, type Places, type ServiceName, serviceNames } from './services.ts';

export type System = AsyncDisposable & {
	/** Where people and MCP clients go. */
	readonly url: string;
	/** Where simulated phones are; of no use without the emulator. */
	readonly emulatorUrl: string;
	readonly emulatorAdminToken: string;
	/** The page that plays a simulated phone, with its key; of no use without the emulator. */
	readonly phoneUrl: string;
	/** Where mails are written instead of being sent. */
	readonly mailDir: string;
	readonly servers: Servers;
	readonly databaseUrl: (service: DatabaseService) => string;
	readonly secrets: Secrets;
	service(name: ServiceName | `${ServiceName}-${number}`): ServiceProcess;
	/** Starts one more process of a service and resolves when it is ready; it goes with the system. */
	add(service: ServiceName, options?: ProcessOptions): Promise<ServiceProcess>;
};

export type SystemOptions = {
	dataDir: string;
	log: Log;
	/** The gateway's; any free one by default. The simulated network takes the next one. */
	port?: number;
	host?: string;
	/** External servers instead of the embedded ones. The database URL must be allowed to make roles and schemas. */
	databaseUrl?: string | undefined;
	natsUrl?: string | undefined;
	/** How many NATS servers run; several are a cluster, and each keeps what is stored there. */
	natsServers?: number;
	services?: readonly ServiceName[];
	/** How many processes of a service; the second is called `connector-2`. Every gateway has a port of its own. */
	replicas?: Partial<Record<Exclude<ServiceName, 'emulator'>, number>>;
	/** Settings of single services, beside those that follow from all this. */
	settings?: Partial<Record<ServiceName, Environment>>;
	/** Stops the start, and cleans up what is there already. */
	signal?: AbortSignal;
	/** False skips fsync, for tests that never pull the plug. */
	durable?: boolean;
	dashboardDir?: string;
	/** Whether the environment names a mail server; else mails are written into a folder. */
	sendsMail?: boolean;
};

/** Starts the whole system on this machine, each service a process of its own, and resolves when all are ready. */
export async function startSystem(options: SystemOptions): Promise<System> {
	const { log, host = '127.0.0.1', services = serviceNames, durable = true, signal } = options;
	const { databaseUrl, natsUrl, natsServers = 1 } = options;
	const replicas: Partial<Record<ServiceName, number>> = options.replicas ?? {};
	const dataDir = resolve(options.dataDir);
	await using cleanup = new AsyncDisposableStack();
	if (options.port !== undefined) {
		await assertPortFree(options.port, 'Chat Manager');
		if (services.includes('emulator')) await assertPortFree(options.port + 1, 'The simulated network');
	}
	const secrets = await openSecrets(dataDir, Object.keys(serviceSchemas));
	const mailDir = join(dataDir, 'mails');
	const logs = join(dataDir, 'logs');
	await mkdir(logs, { recursive: true });

	const servers = await startServers(
		{ dataDir, secrets, log, durable, databaseUrl, natsUrl, natsServers },
		cleanup,
	);
	const { adminUrl } = servers;
	signal?.throwIfAborted();
	await bootstrapDatabase({ adminUrl, services: roles(secrets) });

	const gatewayPort = options.port ?? (await freePort());
	const places: Places = {
		databaseUrl: (service) => roleUrl(adminUrl, service, secrets),
		servers,
		gatewayPort,
		gatewayHost: host,
		emulatorPort: !services.includes('emulator')
			? undefined
			: options.port === undefined
				? await freePort()
				: gatewayPort + 1,
		emulatorState: join(dataDir, 'simulated-network.json'),
		dashboardDir: options.dashboardDir,
		mailDir: options.sendsMail === true ? undefined : mailDir,
	};
	const processes = createProcesses({ secrets, places, settings: options.settings ?? {}, logs, log });
	for (const service of services) {
		for (let count = replicas[service] ?? 1; count > 0; count--) {
			const process = await processes.create(service);
			// Backwards: the door closes before what stands behind it.
			cleanup.defer(() => process.stop());
		}
	}
	await orAborted(Promise.all(processes.all().map((process) => process.start())), signal);
	await Promise.all(processes.all().map((process) => untilAnswering(process, signal)));

	const stack = cleanup.move();
	const emulatorUrl = `http://127.0.0.1:${places.emulatorPort}`;
	return {
		url: `http://localhost:${gatewayPort}`,
		emulatorUrl,
		emulatorAdminToken: secrets.emulatorAdmin,
		phoneUrl: phonePageLink(emulatorUrl, secrets.emulatorAdmin),
		mailDir,
		servers,
		databaseUrl: places.databaseUrl,
		secrets,
		service: (name) => processes.get(name),
		async add(service, own) {
			const process = await processes.create(service, own);
			stack.defer(() => process.stop());
			await process.start();
			await untilAnswering(process, undefined);
			return process;
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}

function roles(secrets: Secrets) {
	return Object.entries(serviceSchemas).map(([service, schema]) => ({
		schema,
		role: roleOf(service as DatabaseService),
		password: secrets.services[service]?.database ?? '',
	}));
}

function roleUrl(adminUrl: string, service: DatabaseService, secrets: Secrets): string {
	const url = new URL(adminUrl);
	url.username = roleOf(service);
	url.password = secrets.services[service]?.database ?? '';
	return url.href;
}

/** A gateway answers before everything behind it does, so that it can say what is missing. */
async function untilAnswering({ url }: ServiceProcess, signal: AbortSignal | undefined): Promise<void> {
	while (url !== undefined) {
		signal?.throwIfAborted();
		const response = await fetch(`${url}/readyz`).catch(() => undefined);
		await response?.body?.cancel();
		if (response?.ok) return;
		await delay(50);
	}
}

async function orAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
	if (signal === undefined) return void (await work);
	const aborted = Promise.withResolvers<never>();
	const abort = () => aborted.reject(signal.reason);
	signal.addEventListener('abort', abort, { once: true });
	try {
		signal.throwIfAborted();
		await Promise.race([work, aborted.promise]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
