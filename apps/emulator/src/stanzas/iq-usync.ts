import { watch } from '../actions/devices.ts';
import { isLidJid, lidJid, pnJid } from '../binary/jid.ts';
import { child, children, node, type Stanza, text } from '../binary/node.ts';
import { accountOf, type Endpoint } from '../network/accounts.ts';
import { type Context, seconds } from '../network/context.ts';
import type { Account } from '../network/state.ts';
import type { IqTable } from './iq-handler.ts';

/** Who is there, which hidden id has a number, and which devices does an account have. */
export const usyncQueries: IqTable = {
	'usync get usync': ({ ctx, caller, request }) => {
		const query = child(request, 'query');
		const asked = new Set(children(query).map((protocol) => protocol.tag));
		const users = children(child(request, 'list'), 'user');
		const answers = users.flatMap((user) => answerUser(ctx, caller, user, asked) ?? []);
		const { sid, index, last, mode, context } = request.attrs;
		return {
			content: [
				node('usync', { sid, index, last, mode, context }, [
					node(
						'result',
						{},
						[...asked].map((tag) => node(tag)),
					),
					node('list', {}, answers),
				]),
			],
		};
	},
};

function answerUser(
	ctx: Context,
	caller: Endpoint,
	user: Stanza,
	asked: ReadonlySet<string>,
): Stanza | undefined {
	const jid = user.attrs.jid;
	if (jid === undefined) return answerContact(ctx, user);
	const account = accountOf(ctx.network, jid);
	if (!account) return undefined;
	const content: Stanza[] = [];
	if (asked.has('contact')) content.push(node('contact', { type: 'in' }));
	// Only for a number: a client that asked for a hidden id would take the answer for a broken mapping.
	if (asked.has('lid') && !isLidJid(jid)) content.push(node('lid', { val: lidJid(account.lid) }));
	if (asked.has('status')) {
		content.push(node('status', { t: seconds(ctx.nowMs()) }, Buffer.from(account.about)));
	}
	if (asked.has('disappearing_mode')) {
		const duration = String(account.disappearingSeconds);
		content.push(node('disappearing_mode', { duration, t: seconds(ctx.nowMs()) }));
	}
	if (asked.has('devices')) {
		watch(account, caller, isLidJid(jid) ? 'lid' : 'pn');
		ctx.changed();
		content.push(devicesNode(account));
	}
	return node('user', { jid }, content);
}

/** `+15550001111`, without an address: is that number on WhatsApp? */
function answerContact(ctx: Context, user: Stanza): Stanza | undefined {
	const contact = child(user, 'contact');
	if (!contact?.content) return undefined;
	const phone = text(contact).replace(/\D/g, '');
	const account = ctx.network.accounts.get(phone);
	return node('user', { jid: pnJid(account?.phone ?? phone) }, [
		node('contact', { type: account ? 'in' : 'out' }, Buffer.from(text(contact))),
	]);
}

/** The phone is device 0; every other device needs a key index that is not 0, or clients ignore it. */
function devicesNode(account: Account): Stanza {
	const newest = Math.max(0, ...account.devices.map((device) => device.linkedAtMs));
	return node('devices', {}, [
		node('device-list', {}, [
			node('device', { id: '0' }),
			...account.devices.map(({ id, keyIndex }) =>
				node('device', { id: String(id), 'key-index': String(keyIndex) }),
			),
		]),
		node('key-index-list', { ts: seconds(newest) }),
	]);
}
