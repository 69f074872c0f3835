import { groupJid, parseJid } from '../binary/jid.ts';
import { lidOf, pnOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import type { Pairings } from '../pairing/pairings.ts';
import { scanQr } from '../pairing/scan-qr.ts';
import type { Phones } from '../phone/phones.ts';
import { accountNamed } from './find.ts';
import type { PhonesApi } from './types.ts';

export function createPhonesApi(ctx: Context, phones: Phones, pairings: Pairings): PhonesApi {
	const { network } = ctx;
	return {
		async scanQr(qr, { phone } = {}) {
			const endpoint = await scanQr(network, pairings, qr, phone);
			return { phone: endpoint.account.phone, jid: pnOf(endpoint), lid: lidOf(endpoint) };
		},
		send(phone, to, message, { id } = {}) {
			const content = typeof message === 'string' ? { conversation: message } : message;
			return phones.send(accountNamed(network, phone), chatName(ctx, to), content, id);
		},
		read: (phone, chat) =>
			phones.read(accountNamed(network, phone), chat === undefined ? undefined : chatName(ctx, chat)),
		receipts: (phone, id) => [...(phones.sent(accountNamed(network, phone), id)?.receipts ?? [])],
		settled: phones.settled,
	};
}

/** A chat as notebooks name it: groups in full, people by number. */
function chatName({ network }: Context, name: string): string {
	const jid = parseJid(name);
	if (!jid) return network.groups.has(name) ? groupJid(name) : name;
	if (jid.server === 'lid') return network.phoneByLid.get(jid.user) ?? name;
	return jid.server === 's.whatsapp.net' ? jid.user : name;
}
