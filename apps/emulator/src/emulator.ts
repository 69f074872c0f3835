import './crypto/libsignal-patch.ts';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import { announceLinked } from './actions/devices.ts';
import { createAdminApp } from './admin/app.ts';
import { isLoopback } from './admin/guard.ts';
import { createAccountsApi } from './api/accounts-api.ts';
import { createDevicesApi } from './api/devices-api.ts';
import { createFaultsApi } from './api/faults-api.ts';
import { createGroupsApi } from './api/groups-api.ts';
import { createPhonesApi } from './api/phones-api.ts';
import type { Api } from './api/types.ts';
import { happenAtOnce } from './faults/at-once.ts';
import { createFaults } from './faults/faults.ts';
import { withFaults } from './faults/faulty-stage.ts';
import { createLinkedDevicesApi } from './linked-devices/linked-devices.ts';
import { createMediaRoutes } from './media/media-routes.ts';
import { createMediaStore } from './media/media-store.ts';
import type { Context } from './network/context.ts';
import { createPostOffice } from './network/post-office.ts';
import { createNetwork, restoreNetwork, snapshotNetwork } from './network/state.ts';
import { createServerIdentity } from './noise/certificate.ts';
import { phonePageLink } from './page/phone-link.ts';
import { createPairings } from './pairing/pairings.ts';
import { createPhones } from './phone/phones.ts';
import { createVaults } from './phone/vault.ts';
import { createScreenApi } from './screen/screen.ts';
import { listen } from './server.ts';
import { serveConnection } from './session/connection.ts';
import { createDeadlines } from './session/deadlines.ts';
import { login } from './session/login.ts';
import { whoIs } from './session/who.ts';
import { createSaver } from './store/saver.ts';
import { readSnapshot, type Snapshot, snapshotSchema } from './store/snapshot.ts';
import { createTlsIdentity } from './tls/certificate.ts';
import { createWaiters } from './waiters.ts';

export type EmulatorOptions = {
	readonly host?: string;
	/** 0 takes any free port. */
	readonly port?: number;
	/** The port with TLS, for `wss` and for media; 0 takes any free one. */
	readonly tlsPort?: number;
	/** A file that keeps the network over restarts; without it everything is forgotten. */
	readonly statePath?: string;
	/** Where to write the certificate of the TLS port, for clients that are to trust it (`NODE_EXTRA_CA_CERTS`). */
	readonly certificatePath?: string;
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
		/** The phone page, with the key that it needs where the admin API asks for a token. */
		readonly phoneUrl: string;
		readonly tlsPort: number;
		/** The same over TLS; a client has to trust `certificate`. */
		readonly secureUrl: string;
		/** The self-made certificate of the TLS port, PEM. Media is served there, too. */
		readonly certificate: string;
		/** Resolves with the first answer that is not undefined, null or false; asked again after every change. */
		waitFor<Result>(condition: () => Result, timeoutMs?: number): Promise<NonNullable<Result>>;
		/** Writes the state file now. */
		save(): Promise<void>;
		/** Stops, and comes back on the same ports with nothing but its saved state; after `downMs` if that is given. */
		restart(downMs?: number): Promise<void>;
		close(): Promise<void>;
	};

/** What clients may call the TLS port. The last one is where Baileys looks for media that names no host. */
const TLS_NAMES = ['localhost', '127.0.0.1', '::1', 'mmg.whatsapp.net'];

/** Starts a simulated WhatsApp network: the one place in which its parts are put together. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const { host = '127.0.0.1', port = 0, statePath, logger: log = pino({ level: 'silent' }) } = options;
	if (options.adminToken === undefined && !isLoopback(host)) {
		throw new Error(`Set an admin token: ${host} can be reached from other machines.`);
	}
	const clock = options.clock ?? Date.now;
	const nowMs = () => clock() + faults.clockOffsetMs();
	const saved = statePath === undefined ? undefined : await readSnapshot(statePath);

	const network = createNetwork(saved?.network);
	const vaults = createVaults(saved?.vaults);
	const phones = createPhones(vaults, () => ctx, saved?.notebooks);
	const tls = saved?.tls ?? createTlsIdentity([...new Set([...TLS_NAMES, host])], new Date(clock()));
	if (options.certificatePath !== undefined) await writeFile(options.certificatePath, tls.certificate);
	const media = createMediaStore(() => authority(host, server.tlsPort));
	const waiters = createWaiters();
	const takeState = (): Snapshot => ({
		version: 1,
		network: snapshotNetwork(network),
		vaults: vaults.snapshot(),
		notebooks: phones.snapshot(),
		tls,
	});
	const saver = createSaver(statePath, takeState, log);
	function changed(): void {
		saver.changed();
		waiters.check();
	}
	const faults = createFaults({
		now: (fault) => happenAtOnce(fault, { network, post, pairings, restart, log }),
		changed: waiters.check,
	});
	const post = createPostOffice((to, stanza) => phones.receive(to.account, stanza), changed, clock);
	const ctx: Context = {
		network,
		post,
		log,
		media,
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
		needsPasskey: ({ phone }) => faults.takePasskey({ phone }),
		changed: waiters.check,
	});
	const urls = () => ({
		url: `ws://${authority(host, server.port)}/ws/chat`,
		secureUrl: `wss://${authority(host, server.tlsPort)}/ws/chat`,
		certificate: tls.certificate,
	});
	const api: Api = {
		server: urls,
		accounts: createAccountsApi(ctx, phones),
		phones: createPhonesApi(ctx, phones, pairings),
		groups: createGroupsApi(ctx),
		devices: createDevicesApi(ctx),
		faults: createFaultsApi(faults),
		screen: createScreenApi({ ctx, phones, pairings, faults, waiters }),
		...createLinkedDevicesApi(ctx, vaults.identity),
	};

	const identity = createServerIdentity();
	const deadlines = createDeadlines(clock);
	const server = await listen({
		host,
		port,
		tlsPort: options.tlsPort ?? 0,
		tls,
		http: createAdminApp({
			media: createMediaRoutes(media, network),
			api,
			host,
			log,
			adminToken: options.adminToken,
		}),
		connection: (socket) =>
			serveConnection(socket, {
				identity,
				log,
				gate: faults.gate,
				deadlines,
				receive: (channel, client) =>
					withFaults({ faults, nowMs, log }, whoIs(client), channel, (outlet) =>
						client.payload.devicePairingData ? pairings.open(outlet, client) : login(ctx, outlet, client),
					),
			}),
	});

	async function restart(downMs = 0): Promise<void> {
		await server.stop();
		await phones.settled();
		const state = snapshotSchema.parse(JSON.parse(JSON.stringify(takeState())));
		restoreNetwork(network, state.network);
		vaults.restore(state.vaults);
		phones.restore(state.notebooks);
		await saver.save();
		if (downMs > 0) await sleep(downMs);
		if (!closing) await server.listen();
		changed();
	}

	let closing: Promise<void> | undefined;
	async function close(): Promise<void> {
		faults.close();
		deadlines.close();
		await server.stop();
		await phones.settled();
		await saver.close();
		phones.close();
	}
	return {
		...api,
		host,
		port: server.port,
		...urls(),
		adminUrl: `http://${authority(host, server.port)}/admin`,
		phoneUrl: phonePageLink(`http://${authority(host, server.port)}`, options.adminToken),
		tlsPort: server.tlsPort,
		waitFor: waiters.waitFor,
		save: saver.save,
		restart,
		close: () => (closing ??= close()),
		[Symbol.asyncDispose]: () => (closing ??= close()),
	};
}

function authority(host: string, port: number): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
