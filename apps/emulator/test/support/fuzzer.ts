import { BufferJSON } from '@whiskeysockets/baileys';
import pino, { type Logger } from 'pino';
import { node } from '../../src/binary/node.ts';
import type { Emulator, LinkedDevice } from '../../src/index.ts';
import { activeQuery, openRawClient, type RawClient, type RawIdentity } from './raw-client.ts';

/** Devices for clients that misbehave: one connection at a time, with the next device when the last one was unlinked. */
export type Fuzzer = {
	/** The present connection; a new one when the server has closed the last one. */
	client(): Promise<RawClient>;
	/** Resolves when the server has worked through everything sent so far, or has closed the connection. */
	handled(client: RawClient): Promise<void>;
	/** Ends the present connection from this side. */
	leave(): Promise<void>;
	/** Connections that the server closed without saying why in a stanza. */
	cut(): number;
	readonly device: LinkedDevice;
};

/** At each login everything that was not confirmed is sent again, and these clients confirm nothing. */
const connectionsPerDevice = 50;

export async function createFuzzer(
	emulator: Emulator,
	makeDevice: () => Promise<LinkedDevice>,
): Promise<Fuzzer> {
	let device = await makeDevice();
	let current: RawClient | undefined;
	let pings = 0;
	let cut = 0;
	let connections = 0;
	const pongs = new Map<string, () => void>();

	async function connect(): Promise<RawClient> {
		const client = await openRawClient(emulator.url, identityOf(device));
		let toldWhy = false;
		let refused = false;
		client.onStanza(({ tag, attrs }) => {
			if (tag === 'stream:error' || tag === 'failure') toldWhy = true;
			if (tag === 'failure' || attrs.code === '401') refused = true;
			if (tag === 'iq') pongs.get(attrs.id ?? '')?.();
		});
		void client.closed.then(async () => {
			if (current !== client) return;
			current = undefined;
			if (!toldWhy) cut++;
		});
		client.send(activeQuery(`active${++pings}`));
		await handled(client);
		if (!refused && ++connections % connectionsPerDevice > 0) return client;
		client.socket.close();
		await client.closed;
		device = await makeDevice();
		return connect();
	}
	async function handled(client: RawClient): Promise<void> {
		const id = `pong${++pings}`;
		const pong = new Promise<void>((resolve) => pongs.set(id, resolve));
		client.send(node('iq', { id, to: '@s.whatsapp.net', xmlns: 'w:p', type: 'get' }, [node('ping')]));
		await Promise.race([pong, client.closed]);
		pongs.delete(id);
	}
	return {
		handled,
		get device() {
			return device;
		},
		async client() {
			if (current && current.socket.readyState === current.socket.OPEN) return current;
			if (current) await current.closed;
			current = await connect();
			return current;
		},
		cut: () => cut,
		async leave() {
			const last = current;
			current = undefined;
			last?.socket.close();
			await last?.closed;
		},
	};
}

function identityOf({ phone, jid, auth }: LinkedDevice): RawIdentity {
	const { creds } = JSON.parse(JSON.stringify(auth), BufferJSON.reviver);
	return { phone, deviceId: Number(/:([0-9]+)@/.exec(jid)?.[1]), noiseKey: creds.noiseKey };
}

/** A log that is kept, to be asked about. */
export function keepLog(): { log: Logger; lines: LogLine[] } {
	const lines: LogLine[] = [];
	const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
	return { log, lines };
}

export type LogLine = {
	readonly level: number;
	readonly msg: string;
	readonly reason?: string;
	readonly err?: { readonly type: string; readonly message: string; readonly stack: string };
};
