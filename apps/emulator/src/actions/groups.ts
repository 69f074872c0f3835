import { pnJid } from '../binary/jid.ts';
import { node } from '../binary/node.ts';
import { accountOf } from '../network/accounts.ts';
import { personIn } from '../network/addressing.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import {
	addOne,
	changeParticipants as changeMembers,
	type ParticipantAction,
	type ParticipantResult,
} from '../network/group-members.ts';
import * as groups from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Group } from '../network/state.ts';
import { groupNode, memberNode } from './group-node.ts';
import { announce, announceRequest, membersOf } from './group-notices.ts';

/**
 * What one can do with groups, whoever asks: a client by stanza, a test, or the admin API. Each function checks the actor's
 * rights (throwing `Refusal`), changes the group and notifies.
 */
export function create(
	ctx: Context,
	actor: Account,
	subject: string,
	jids: readonly string[],
	addressing?: Group['addressing'],
): { group: Group; failed: ParticipantResult[] } {
	const { network } = ctx;
	const nowMs = ctx.nowMs();
	const group = groups.createGroup(network, actor, subject, { nowMs, addressing });
	const others = jids.filter((jid) => accountOf(network, jid) !== actor);
	const results = others.map((jid) => addOne({ network, group, actor, nowMs }, jid));
	announce(ctx, group, actor, createNotice(ctx, group));
	ctx.changed();
	return { group, failed: results.filter((result) => result.code !== 200) };
}

export function changeParticipants(
	ctx: Context,
	group: Group,
	actor: Account,
	action: ParticipantAction,
	jids: readonly string[],
): ParticipantResult[] {
	const before = membersOf(ctx, group);
	const change = { network: ctx.network, group, actor, nowMs: ctx.nowMs() };
	const results = changeMembers(change, action, jids);
	const done = results.filter(({ code }) => code === 200);
	for (const { account, requested } of done)
		if (account && requested) announceRequest(ctx, group, account, actor);
	const changed = done.flatMap(({ account, requested }) => (account && !requested ? [account] : []));
	if (changed.length > 0) {
		const notice = node(
			action,
			{},
			changed.map((account) => memberNode(group, account, groups.memberOf(group, account)?.role)),
		);
		announce(ctx, group, actor, notice, before);
		if (action === 'add') announce(ctx, group, actor, createNotice(ctx, group), changed);
		ctx.changed();
	}
	return results;
}

export function leave(ctx: Context, group: Group, actor: Account): void {
	const before = membersOf(ctx, group);
	const heir = groups.leaveGroup(group, actor);
	announce(ctx, group, actor, node('remove', {}, [memberNode(group, actor)]), before);
	const promoted = membersOf(ctx, group).find((account) => account.lid === heir?.lid);
	if (promoted) announce(ctx, group, actor, node('promote', {}, [memberNode(group, promoted, 'admin')]));
	ctx.changed();
}

export function setSubject(ctx: Context, group: Group, actor: Account, subject: string): void {
	mayEdit(group, actor);
	group.subject = groups.checkedSubject(subject);
	group.subjectOwner = actor.lid;
	group.subjectAtMs = ctx.nowMs();
	const attrs = {
		subject,
		s_o: personIn(group, actor).jid,
		s_o_pn: pnJid(actor.phone),
		s_t: seconds(group.subjectAtMs),
	};
	announce(ctx, group, actor, node('subject', attrs));
	ctx.changed();
}

/**
 * Sets the description, or removes it when `body` is undefined. `previous` must be the id of the present description, or be
 * absent when there is none; otherwise somebody else was faster and the answer is 409.
 */
export function setDescription(
	ctx: Context,
	group: Group,
	actor: Account,
	change: { body: string | undefined; previous: string | undefined; id?: string },
): void {
	mayEdit(group, actor);
	if (group.description?.id !== change.previous)
		throw new Refusal(409, 'The description was changed meanwhile.');
	const id = change.id ?? newStanzaId();
	if (change.body === undefined) {
		delete group.description;
		announce(ctx, group, actor, node('description', { id, delete: 'true' }));
	} else {
		group.description = { id, body: change.body, owner: actor.lid, atMs: ctx.nowMs() };
		announce(ctx, group, actor, node('description', { id }, [node('body', {}, Buffer.from(change.body))]));
	}
	ctx.changed();
}

export type Setting = 'announcement' | 'not_announcement' | 'locked' | 'unlocked';

export function setSetting(ctx: Context, group: Group, actor: Account, setting: Setting): void {
	mustBeAdmin(group, actor);
	if (setting === 'announcement' || setting === 'not_announcement')
		group.announce = setting === 'announcement';
	else group.locked = setting === 'locked';
	announce(ctx, group, actor, node(setting));
	ctx.changed();
}

export function setMemberAddMode(
	ctx: Context,
	group: Group,
	actor: Account,
	mode: Group['memberAddMode'],
): void {
	mustBeAdmin(group, actor);
	group.memberAddMode = mode;
	announce(ctx, group, actor, node('member_add_mode', {}, Buffer.from(mode)));
	ctx.changed();
}

export function setEphemeral(ctx: Context, group: Group, actor: Account, expirationSeconds: number): void {
	mayEdit(group, actor);
	group.ephemeralSeconds = expirationSeconds;
	const notice =
		expirationSeconds > 0
			? node('ephemeral', { expiration: String(expirationSeconds) })
			: node('not_ephemeral');
	announce(ctx, group, actor, notice);
	ctx.changed();
}

/** Ends the group for everyone: nobody can find it any more. */
export function end(ctx: Context, group: Group): void {
	const [actor] = membersOf(ctx, group);
	if (actor) announce(ctx, group, actor, node('delete'));
	ctx.network.groups.delete(group.id);
	ctx.changed();
}

/** What an account gets that is in a group from now on. */
export function createNotice(ctx: Context, group: Group) {
	return node('create', { type: 'new', key: newStanzaId() }, [groupNode(ctx.network, group)]);
}

export function mayEdit(group: Group, actor: Account): void {
	if (group.locked) mustBeAdmin(group, actor);
}

export function mustBeAdmin(group: Group, actor: Account): void {
	if (!groups.isAdmin(group, actor)) throw new Refusal(403, 'Only admins of the group may do that.');
}
