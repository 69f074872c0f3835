import type { proto } from '@whiskeysockets/baileys';
import type { Client } from './clients.ts';

/** What a client was told of who has got or read a message of its own. Baileys puts what comes soon enough into the message itself. */
export function receiptsOf(client: Client, id: string | null | undefined): proto.IUserReceipt[] {
	const told = client.of('message-receipt.update').flat();
	const messages = client.upserts().flatMap((upsert) => upsert.messages);
	return [
		...told.filter(({ key }) => key.id === id).map(({ receipt }) => receipt),
		...messages.filter(({ key }) => key.id === id).flatMap(({ userReceipt }) => userReceipt ?? []),
	];
}
