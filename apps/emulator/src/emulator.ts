import './crypto/libsignal-patch.ts';
import pino, { type Logger } from 'pino';
import { announceLinked } from './actions/devices.ts';
import { createAdminApp } from './admin/app.ts';
import { createAccountsApi } from './api/accounts-api.ts';
import { createDevicesApi } from './api/devices-api.ts';
import { createGroupsApi } from './api/groups-api.ts';
import { createPhonesApi } from './api/phones-api.ts';
import type { Api } from './api/types.ts';
import type { Context } from './network/context.ts';
import { createPostOffice } from './network/post-office.ts';
import { createNetwork, snapshotNetwork } from './network/state.ts';
import { createServerIdentity } from './noise/certificate.ts';
import { createPairings } from './pairing/pairings.ts';
import { createPhones } from './phone/phones.ts';
import { createVaults } from './phone/vault.ts';
import { listen } from './server.ts';
import { serveConnection } from './session/connection.ts';
import { login } from './session/login.ts';
import { createSaver } from './store/saver.ts';
import { readSnapshot } from './store/snapshot.ts';
import { createWaiters } from './waiters.ts';

export type EmulatorOptions = {
	readonly host?: string;
	/** 0 takes any free port. */
	readonly port?: number;
	/** A file that keeps the network over restarts; without it everything is forgotten. */
	readonly statePath?: string;
	/** Asked for by the admin API, as a bearer token, when it is set. */
	readonly adminToken?: string;
	readonly logger?: Logger;
	/** The time in milliseconds. */
	readonly clock?: () => number;
};

export type Emulator = Api &
	AsyncDisposable & {
		readonly host: string;
		readonly port: number;
		/** For Baileys' `waWebSocketUrl`. */
		readonly url: string;
		readonly adminUrl: string;
		/** Resolves with the first answer that is not undefined, null or false; asked again after every change. */
		waitFor<Result>(condition: () => Result, timeoutMs?: number): Promise<NonNullable<Result>>;
		/** Writes the state file now. */
		save(): Promise<void>;
		close(): Promise<void>;
	};

/** Starts a simulated WhatsApp network: the one place in which its parts are put together. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const { host = '127.0.0.1', port = 0, statePath, logger: log = pino({ level: 'silent' }) } = options;
	const nowMs = options.clock ?? Date.now;
	const saved = statePath === undefined ? undefined : await readSnapshot(statePath);

	const network = createNetwork(saved?.network);
	const vaults = createVaults(saved?.vaults);
	const phones = createPhones(vaults, () => ctx, saved?.notebooks);
	const waiters = createWaiters();
	const saver = createSaver(
		statePath,
		() => ({
			version: 1,
			network: snapshotNetwork(network),
			vaults: vaults.snapshot(),
			notebooks: phones.snapshot(),
		}),
		log,
	);
	function changed(): void {
		saver.changed();
		waiters.check();
	}
	const post = createPostOffice((to, stanza) => phones.receive(to.account, stanza), changed);
	const ctx: Context = {
		network,
		post,
		log,
		phoneBundle: vaults.bundle,
		deviceReady({ account, deviceId }) {
			phones.welcome(account, deviceId);
			changed();
		},
		nowMs,
		changed,
	};
	const pairings = createPairings({
		identityOf: vaults.identity,
		nowMs,
		linked: (endpoint) => announceLinked(ctx, endpoint),
	});
	const api: Api = {
		accounts: createAccountsApi(ctx),
		phones: createPhonesApi(ctx, phones, pairings),
		groups: createGroupsApi(ctx),
		devices: createDevicesApi(ctx),
	};

	const identity = createServerIdentity();
	const server = await listen({
		host,
		port,
		http: createAdminApp({ api, host, log, adminToken: options.adminToken }),
		connection: (socket) =>
			serveConnection(socket, {
				identity,
				log,
				receive: (channel, client) =>
					client.payload.devicePairingData ? pairings.open(channel, client) : login(ctx, channel, client),
			}),
	});

	let closing: Promise<void> | undefined;
	async function close(): Promise<void> {
		await server.close();
		await phones.settled();
		await saver.close();
		phones.close();
	}
	return {
		...api,
		host,
		port: server.port,
		url: `ws://${authority(host, server.port)}/ws/chat`,
		adminUrl: `http://${authority(host, server.port)}/admin`,
		waitFor: waiters.waitFor,
		save: saver.save,
		close: () => (closing ??= close()),
		[Symbol.asyncDispose]: () => (closing ??= close()),
	};
}

function authority(host: string, port: number): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
