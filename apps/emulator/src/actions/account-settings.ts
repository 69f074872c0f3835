import { lidJid, pnJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { type Endpoint, sameEndpoint } from '../network/accounts.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';

/** Who may do or see something: the settings that Baileys knows, with what may be set. */
const PRIVACY: Readonly<Record<string, readonly string[]>> = {
	readreceipts: ['all', 'none'],
	last: ['all', 'contacts', 'contact_blacklist', 'none'],
	online: ['all', 'match_last_seen'],
	profile: ['all', 'contacts', 'contact_blacklist', 'none'],
	status: ['all', 'contacts', 'contact_blacklist', 'none'],
	groupadd: ['all', 'contacts', 'contact_blacklist', 'none'],
	calladd: ['all', 'known'],
	messages: ['all', 'contacts'],
};

export function privacyOf(account: Account): [name: string, value: string][] {
	return Object.keys(PRIVACY).map((name) => [name, account.privacy[name] ?? 'all']);
}

export function setPrivacy(ctx: Context, from: Endpoint, changes: ReadonlyMap<string, string>): void {
	for (const [name, value] of changes) {
		if (!Object.hasOwn(PRIVACY, name) || !PRIVACY[name]?.includes(value))
			throw new Refusal(400, `There is no privacy setting ${name}=${value}.`);
	}
	for (const [name, value] of changes) from.account.privacy[name] = value;
	const categories = [...changes].map(([name, value]) => node('category', { name, value }));
	tellOwnDevices(ctx, from, node('privacy', {}, categories));
}

/** Stops, or allows, direct messages of a person. */
export function setBlocked(ctx: Context, from: Endpoint, person: Account, blocked: boolean): void {
	const { account } = from;
	const others = account.blocked.filter((lid) => lid !== person.lid);
	account.blocked = blocked ? [...others, person.lid] : others;
	const action = blocked ? 'block' : 'unblock';
	const item = node('item', { action, jid: lidJid(person.lid), pn_jid: pnJid(person.phone) });
	tellOwnDevices(ctx, from, node('blocklist', { action: 'modify' }, [item]));
}

export function setAbout(ctx: Context, from: Endpoint, about: string): void {
	from.account.about = about;
	tellOwnDevices(ctx, from, node('status', {}, Buffer.from(about)));
}

/** How long messages stay in new chats, in seconds; 0 is for ever. */
export function setDisappearing(ctx: Context, from: Endpoint, durationSeconds: number): void {
	from.account.disappearingSeconds = durationSeconds;
	const attrs = { duration: String(durationSeconds), t: seconds(ctx.nowMs()) };
	tellOwnDevices(ctx, from, node('disappearing_mode', attrs));
}

function tellOwnDevices(ctx: Context, from: Endpoint, child: Stanza): void {
	const { account } = from;
	const attrs = {
		from: pnJid(account.phone),
		type: 'account_sync',
		id: newStanzaId(),
		t: seconds(ctx.nowMs()),
	};
	for (const { id } of account.devices) {
		const device = { account, deviceId: id };
		if (!sameEndpoint(device, from)) ctx.post.deliver(device, node('notification', attrs, [child]));
	}
	ctx.changed();
}
