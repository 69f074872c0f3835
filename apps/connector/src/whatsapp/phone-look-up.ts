import { randomUUID } from 'node:crypto';
import {
	type BinaryNode,
	getBinaryNodeChild,
	getBinaryNodeChildren,
	S_WHATSAPP_NET,
} from '@whiskeysockets/baileys';
import { z } from 'zod';
import { aboutNoGroup, ask, unreadable } from './query.ts';
import type { SocketQuery } from './socket-query.ts';

const Node = z.custom<BinaryNode>((value) => z.object({ tag: z.string() }).safeParse(value).success);

/**
 * Asks which phone numbers are on WhatsApp: phone → jid, null for one that is not, absent where WhatsApp does not say.
 * Baileys' own `onWhatsApp` leaves out both, and the number that was asked, which need not be that of the jid: WhatsApp
 * knows some numbers with a digit more or less (Brazil, Mexico, Argentina).
 */
export async function findByPhone(
	socketQuery: SocketQuery,
	phones: readonly string[],
	timeoutMs?: number,
): Promise<Map<string, string | null>> {
	if (phones.length === 0) return new Map();
	const request: BinaryNode = {
		tag: 'usync',
		attrs: {
			context: 'interactive',
			mode: 'query',
			sid: randomUUID(),
			last: 'true',
			index: '0',
		},
		content: [
			{ tag: 'query', attrs: {}, content: [{ tag: 'contact', attrs: {} }] },
			{
				tag: 'list',
				attrs: {},
				content: phones.map((phone) => ({
					tag: 'user',
					attrs: {},
					content: [{ tag: 'contact', attrs: {}, content: Buffer.from(`+${digitsOf(phone)}`) }],
				})),
			},
		],
	};
	const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'usync' };
	const query = () => socketQuery({ tag: 'iq', attrs, content: [request] }, timeoutMs);
	const answer = await ask('look', query, Node).catch((error: unknown) => {
		throw aboutNoGroup(error);
	});
	const list = getBinaryNodeChild(getBinaryNodeChild(answer, 'usync'), 'list');
	if (list === undefined) throw unreadable('look');
	const found = new Map(getBinaryNodeChildren(list, 'user').flatMap(readUser));
	return new Map(
		phones.flatMap((phone) => {
			const jid = found.get(digitsOf(phone));
			return jid === undefined ? [] : [[phone, jid] as const];
		}),
	);
}

/** `[digits that were asked, jid or null]` */
function readUser(user: BinaryNode): [string, string | null][] {
	const contact = getBinaryNodeChild(user, 'contact');
	const { jid } = user.attrs;
	if (contact === undefined || jid === undefined) return [];
	const { content } = contact;
	const text =
		typeof content === 'string'
			? content
			: content instanceof Uint8Array
				? Buffer.from(content).toString()
				: '';
	return [[digitsOf(text) || digitsOf(jid.split('@')[0] ?? ''), contact.attrs.type === 'in' ? jid : null]];
}

function digitsOf(text: string): string {
	return text.replace(/\D/g, '');
}
