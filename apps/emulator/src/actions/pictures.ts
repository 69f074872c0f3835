import { createHash } from 'node:crypto';
import { groupJid, lidJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { deviceOf, endpointsOf } from '../network/accounts.ts';
import { personIn } from '../network/addressing.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import { groupsOf } from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Group, Picture } from '../network/state.ts';
import { membersOf } from './group-notices.ts';
import { mayEdit } from './groups.ts';

const MAX_BYTES = 1024 * 1024;

/** Sets or, without a picture, removes that of a group; all members' devices are told. */
export function setGroupPicture(
	ctx: Context,
	group: Group,
	actor: Account,
	jpeg: Buffer | undefined,
): Picture | undefined {
	mayEdit(group, actor);
	const picture = pictureOf(jpeg, ctx.nowMs());
	assign(group, picture);
	const address = personIn(group, actor);
	const child = change(picture, address.jid);
	const attrs = { from: groupJid(group.id), ...address.asAttrs, notify: actor.pushName };
	for (const account of membersOf(ctx, group)) notify(ctx, account, attrs, child);
	ctx.changed();
	return picture;
}

/** The same for a person; those are told who share a group with them or have them in their address book. */
export function setProfilePicture(
	ctx: Context,
	account: Account,
	jpeg: Buffer | undefined,
): Picture | undefined {
	const picture = pictureOf(jpeg, ctx.nowMs());
	assign(account, picture);
	const acquaintances = new Set([
		account,
		...groupsOf(ctx.network, account).flatMap((group) => membersOf(ctx, group)),
		...[...ctx.network.accounts.values()].filter(({ contacts }) => contacts.includes(account.phone)),
	]);
	const child = change(picture, lidJid(account.lid));
	for (const other of acquaintances) notify(ctx, other, { from: lidJid(account.lid) }, child);
	ctx.changed();
	return picture;
}

/** Whether `viewer` may see the picture of a person (privacy setting `profile`). */
export function maySeeProfile(account: Account, viewer: Account): boolean {
	const setting = account.privacy.profile ?? 'all';
	if (setting === 'all' || account === viewer) return true;
	return setting !== 'none' && account.contacts.includes(viewer.phone);
}

function notify(ctx: Context, account: Account, attrs: Record<string, string>, child: Stanza): void {
	const stanza = node(
		'notification',
		{ ...attrs, type: 'picture', id: newStanzaId(), t: seconds(ctx.nowMs()) },
		[child],
	);
	for (const endpoint of endpointsOf(account)) {
		if (deviceOf(account, endpoint.deviceId)) ctx.post.deliver(endpoint, stanza);
	}
}

function change(picture: Picture | undefined, author: string): Stanza {
	return picture ? node('set', { id: picture.id, author }) : node('delete', { author });
}

function pictureOf(jpeg: Buffer | undefined, nowMs: number): Picture | undefined {
	if (!jpeg) return undefined;
	if (jpeg.length === 0 || jpeg.length > MAX_BYTES) {
		throw new Refusal(406, 'A picture has at least one byte and at most 1 MiB.');
	}
	const digest = createHash('sha256').update(jpeg).update(String(nowMs)).digest().readUIntBE(0, 6);
	return { id: String(digest), jpeg: jpeg.toString('base64') };
}

function assign(target: { picture?: Picture | undefined }, picture: Picture | undefined): void {
	if (picture) target.picture = picture;
	else delete target.picture;
}
