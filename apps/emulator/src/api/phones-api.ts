import type { proto } from '@whiskeysockets/baileys';
import { groupJid, parseJid } from '../binary/jid.ts';
import { type Endpoint, lidOf, pnOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import type { Pairings } from '../pairing/pairings.ts';
import { enterCode, scanQr, scanShown, showQr } from '../pairing/scan-qr.ts';
import { type Content, type ContentInput, contentSchema } from '../phone/content.ts';
import type { Phones } from '../phone/phones.ts';
import { describeWaiting } from '../screen/screen.ts';
import { accountNamed } from './find.ts';
import type { Linked, PhonesApi } from './types.ts';

export function createPhonesApi(ctx: Context, phones: Phones, pairings: Pairings): PhonesApi {
	const { network } = ctx;
	return {
		scanQr: async (qr, { phone } = {}) => linked(await scanQr(network, pairings, qr, phone)),
		showQr(qr) {
			const waiting = describeWaiting(showQr(pairings, qr));
			ctx.changed();
			return waiting;
		},
		waiting: () => pairings.list().map(describeWaiting),
		scanShown: async (id, phone) => linked(await scanShown(network, pairings, id, phone)),
		async enterCode(phone, code) {
			return linked(await enterCode(network, pairings, phone, code));
		},
		send(phone, to, message, { id } = {}) {
			const content = typeof message === 'string' ? { conversation: message } : parsed(message);
			return phones.send(accountNamed(network, phone), chatName(ctx, to), content, id);
		},
		read: (phone, chat) =>
			phones.read(accountNamed(network, phone), chat === undefined ? undefined : chatName(ctx, chat)),
		receipts: (phone, id) => [...(phones.sent(accountNamed(network, phone), id)?.receipts ?? [])],
		file: (phone, id) => phones.file(accountNamed(network, phone), id),
		markRead: (phone, chat) => phones.markRead(accountNamed(network, phone), chatName(ctx, chat)),
		settled: phones.settled,
	};
}

function linked(endpoint: Endpoint): Linked {
	return { phone: endpoint.account.phone, jid: pnOf(endpoint), lid: lidOf(endpoint) };
}

/** Content for people is checked here, so that the library is as strict as the admin API. */
function parsed(message: proto.IMessage | ContentInput): proto.IMessage | Content {
	return 'kind' in message ? contentSchema.parse(message) : message;
}

/** A chat as notebooks name it: groups in full, people by number. */
function chatName({ network }: Context, name: string): string {
	const jid = parseJid(name);
	if (!jid) return network.groups.has(name) ? groupJid(name) : name;
	if (jid.server === 'lid') return network.phoneByLid.get(jid.user) ?? name;
	return jid.server === 's.whatsapp.net' ? jid.user : name;
}
