import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	buildDashboard,
	dashboardDir,
	type System,
	type SystemOptions,
	seedSimulatedNetwork,
	startSystem,
} from '@chat-manager/dev-env';
import { createLogger } from '@chat-manager/service';
import type { TestProject } from 'vitest/node';

/** What a test needs to know of the running system, in words that go from one process to another. */
export type SystemPlaces = Pick<System, 'url' | 'emulatorUrl' | 'emulatorAdminToken' | 'mailDir'> & {
	/** The gateway's own database. */
	gatewayDatabaseUrl: string;
	nats: { url: string; user: string | undefined; password: string | undefined };
};

declare module 'vitest' {
	export interface ProvidedContext {
		system: SystemPlaces;
	}
}

/** One system for all files: each of its people has an account, phones and groups of their own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	await using parts = new AsyncDisposableStack();
	project.provide('system', placesOf(parts.use(await startTestSystem({}))));
	const running = parts.move();
	return () => running.disposeAsync();
}

/** The whole system with the built dashboard and a simulated network in which there is a group. */
export async function startTestSystem(
	settings: NonNullable<SystemOptions['settings']>,
): Promise<System & AsyncDisposable> {
	await using parts = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-dashboard-'));
	parts.defer(() => rm(dataDir, { recursive: true, force: true }));
	await buildDashboard();
	const log = createLogger({ name: 'test', level: 'warn' });
	const system = parts.use(
		await startSystem({
			dataDir,
			log,
			durable: false,
			dashboardDir,
			settings: {
				...settings,
				gateway: { CM_SIGN_UPS_PER_HOUR: '1000', CM_SIGN_INS_PER_MINUTE: '1000', ...settings.gateway },
				// Endpoints of the tests are on this machine.
				webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true', ...settings.webhooks },
			},
		}),
	);
	await seedSimulatedNetwork(system);
	const running = parts.move();
	return { ...system, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

export function placesOf(system: System): SystemPlaces {
	const { url, emulatorUrl, emulatorAdminToken, mailDir, servers } = system;
	const nats = { url: servers.natsUrl, user: servers.natsUser, password: servers.natsPassword };
	return {
		url,
		emulatorUrl,
		emulatorAdminToken,
		mailDir,
		gatewayDatabaseUrl: system.databaseUrl('gateway'),
		nats,
	};
}
