import * as settings from '../actions/account-settings.ts';
import { lidJid } from '../binary/jid.ts';
import { attr, children, node, type Stanza, text } from '../binary/node.ts';
import { accountByLid, accountOf } from '../network/accounts.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import type { IqTable } from './iq-handler.ts';

/** What a person has set about themselves. */
export const accountQueries: IqTable = {
	'abt get props': () => ({
		content: [node('props', { protocol: '1', hash: 'emulator', refresh: '86400' })],
	}),

	'privacy get privacy': ({ caller }) => ({ content: [privacyNode(caller.account)] }),
	'privacy set privacy': ({ ctx, caller, request }) => {
		const changes = new Map<string, string>();
		for (const category of children(request, 'category'))
			changes.set(attr(category, 'name'), attr(category, 'value'));
		settings.setPrivacy(ctx, caller, changes);
		return { content: [privacyNode(caller.account)] };
	},
	'privacy set tokens': () => ({ content: [node('tokens')] }),

	'blocklist get -': ({ ctx, caller }) => {
		const items = caller.account.blocked.flatMap((lid) => accountByLid(ctx.network, lid) ?? []);
		const content = items.map((account) => node('item', { jid: lidJid(account.lid) }));
		return { content: [node('list', {}, content)] };
	},
	'blocklist set item': ({ ctx, caller, request }) => {
		const person = accountOf(ctx.network, attr(request, 'jid'));
		if (!person) throw new Refusal(404, 'There is no such account.');
		settings.setBlocked(ctx, caller, person, attr(request, 'action') === 'block');
		return {};
	},

	'status set status': ({ ctx, caller, request }) => {
		settings.setAbout(ctx, caller, request.content === undefined ? '' : text(request));
		return {};
	},

	'disappearing_mode set disappearing_mode': ({ ctx, caller, request }) => {
		const duration = Number(attr(request, 'duration'));
		if (!Number.isSafeInteger(duration) || duration < 0) throw new Refusal(400, 'No such duration.');
		settings.setDisappearing(ctx, caller, duration);
		return {};
	},
};

function privacyNode(account: Account): Stanza {
	const categories = settings.privacyOf(account).map(([name, value]) => node('category', { name, value }));
	return node('privacy', {}, categories);
}
