import type { Emulator, Linked } from '../../src/index.ts';
import type { Client, Clients } from './clients.ts';
import type { OpenOptions } from './protocol.ts';

export type LinkedClient = { readonly client: Client; readonly linked: Linked };

/** Opens a new client, lets the phone scan its QR code, and waits until it is logged in. */
export async function link(
	emulator: Emulator,
	clients: Clients,
	phone: string,
	options: Partial<OpenOptions> = {},
): Promise<LinkedClient> {
	const client = await clients.open(`${phone}#${++count}`, { url: emulator.url, ...options });
	const { qr } = await client.until(
		({ connections }) => connections().find((update) => update.qr),
		'a QR code',
	);
	const linked = await emulator.phones.scanQr(qr ?? '', { phone });
	await opened(client);
	return { client, linked };
}

/** Waits until the client is logged in and has been given what it missed. */
export async function opened(client: Client): Promise<void> {
	await client.until(
		({ connections }) => connections().some(({ connection }) => connection === 'open'),
		'open',
	);
	await client.until(
		({ connections }) => connections().some((update) => update.receivedPendingNotifications),
		'the end of the offline queue',
	);
}

let count = 0;
