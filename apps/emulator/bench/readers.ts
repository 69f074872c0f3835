import { setTimeout } from 'node:timers/promises';
import { node } from '../src/binary/node.ts';
import { activeQuery, openRawClient, type RawClient } from '../test/support/raw-client.ts';
import type { Identity } from './protocol.ts';

const OPENING_AT_ONCE = 50;
const PING_EVERY_MS = 30_000;

/** Clients that are logged in, ping every 30 seconds as Baileys does, confirm what they get, and count it. */
export type Readers = {
	readonly clients: readonly RawClient[];
	readonly openingMs: number;
	/** Messages since the last `take`, and how long each took from the call of `send` to its arrival, sorted. */
	take(): { messages: number; pings: number; lost: number; latenciesMs: number[] };
	close(): void;
};

export async function openReaders(url: string, identities: readonly Identity[]): Promise<Readers> {
	const startedMs = performance.now();
	const clients: RawClient[] = [];
	const left = [...identities];
	let [messages, pings, lost, closing] = [0, 0, 0, false];
	let latenciesMs: number[] = [];

	async function open(identity: Identity): Promise<void> {
		const noiseKey = {
			public: Buffer.from(identity.publicKey, 'base64'),
			private: Buffer.from(identity.privateKey, 'base64'),
		};
		const client = await openRawClient(url, { ...identity, noiseKey });
		client.onStanza(({ tag, attrs }) => {
			if (tag === 'message') {
				messages++;
				const sentMs = Number.parseInt(/^T([a-z0-9]+)\./.exec(attrs.id ?? '')?.[1] ?? '', 36);
				if (!Number.isNaN(sentMs)) latenciesMs.push(Date.now() - sentMs);
				client.send(
					node('receipt', { id: attrs.id, to: attrs.from, participant: attrs.participant, type: 'inactive' }),
				);
			} else if (tag === 'notification') {
				client.send(
					node('ack', {
						class: 'notification',
						id: attrs.id,
						to: attrs.from,
						participant: attrs.participant,
					}),
				);
			} else if (tag === 'iq' && attrs.id?.startsWith('ping')) pings++;
		});
		client.socket.on('close', () => {
			if (!closing) lost++;
		});
		client.send(activeQuery('active'));
		clients.push(client);
	}
	async function openInTurn(): Promise<void> {
		for (let identity = left.pop(); identity; identity = left.pop()) await open(identity);
	}
	await Promise.all(Array.from({ length: OPENING_AT_ONCE }, openInTurn));
	const openingMs = performance.now() - startedMs;

	// Spread over the 30 seconds, as clients that did not start together are.
	const stop = new AbortController();
	void (async () => {
		for (let turn = 0; !stop.signal.aborted; turn++) {
			for (let index = 0; index < clients.length; index++) {
				if (stop.signal.aborted) return;
				clients[index]?.send(
					node('iq', { id: `ping${turn}`, to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' }, [node('ping')]),
				);
				if (index % Math.ceil(clients.length / 300) === 0) await setTimeout(PING_EVERY_MS / 300);
			}
		}
	})();
	return {
		clients,
		openingMs,
		take() {
			const taken = { messages, pings, lost, latenciesMs: latenciesMs.sort((a, b) => a - b) };
			[messages, pings, latenciesMs] = [0, 0, []];
			return taken;
		},
		close() {
			closing = true;
			stop.abort();
			for (const client of clients) client.close();
		},
	};
}
