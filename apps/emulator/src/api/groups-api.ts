import * as joining from '../actions/group-joining.ts';
import * as actions from '../actions/groups.ts';
import { setGroupPicture } from '../actions/pictures.ts';
import { groupJid, parseJid, pnJid } from '../binary/jid.ts';
import { accountByLid } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import type { ParticipantResult } from '../network/group-members.ts';
import { groupFor } from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Group, Network } from '../network/state.ts';
import { accountNamed, groupNamed } from './find.ts';
import type { GroupInfo, GroupsApi, Outcome } from './types.ts';

export function createGroupsApi(ctx: Context): GroupsApi {
	const { network } = ctx;

	/** Lets an account act in a group it is a member of. */
	function act(id: string, by: string, action: (group: Group, actor: Account) => void): GroupInfo {
		const actor = accountNamed(network, by);
		const group = groupFor(network, groupNamed(network, id).id, actor);
		action(group, actor);
		return describe(network, group);
	}
	return {
		create({ by, subject, participants = [], addressing }) {
			const actor = accountNamed(network, by);
			const { group, failed } = actions.create(ctx, actor, subject, participants.map(jidOf), addressing);
			return { ...describe(network, group), failed: failed.map(outcome) };
		},
		list: () => [...network.groups.values()].map((group) => describe(network, group)),
		get(id) {
			const group = network.groups.get(parseJid(id)?.user ?? id);
			return group && describe(network, group);
		},
		changeParticipants(id, by, action, phones) {
			let results: ParticipantResult[] = [];
			act(id, by, (group, actor) => {
				results = actions.changeParticipants(ctx, group, actor, action, phones.map(jidOf));
			});
			return results.map(outcome);
		},
		setSubject: (id, by, subject) =>
			act(id, by, (group, actor) => actions.setSubject(ctx, group, actor, subject)),
		setDescription: (id, by, body) =>
			act(id, by, (group, actor) =>
				actions.setDescription(ctx, group, actor, { body, previous: group.description?.id }),
			),
		setSetting: (id, by, setting) =>
			act(id, by, (group, actor) => actions.setSetting(ctx, group, actor, setting)),
		setMemberAddMode: (id, by, mode) =>
			act(id, by, (group, actor) => actions.setMemberAddMode(ctx, group, actor, mode)),
		setEphemeral: (id, by, seconds) =>
			act(id, by, (group, actor) => actions.setEphemeral(ctx, group, actor, seconds)),
		setApproval: (id, by, on) => act(id, by, (group, actor) => joining.setApproval(ctx, group, actor, on)),
		setPicture(id, by, jpeg) {
			return act(id, by, (group, actor) => {
				setGroupPicture(ctx, group, actor, jpeg);
			});
		},
		decide(id, by, decision, phones) {
			let decided: joining.Decided[] = [];
			act(id, by, (group, actor) => {
				decided = joining.decide(ctx, group, actor, decision, phones.map(jidOf));
			});
			return decided.map(({ jid, code }) => ({ phone: parseJid(jid)?.user ?? jid, code }));
		},
		revokeInvite: (id, by) =>
			act(id, by, (group, actor) => {
				joining.revokeInvite(ctx, group, actor);
			}),
		join(code, by) {
			const { group } = joining.join(ctx, code, accountNamed(network, by));
			return describe(network, group);
		},
		acceptInvite(id, by, { code, from }) {
			const group = groupNamed(network, id);
			const offer = { code, admin: jidOf(from) };
			joining.acceptPersonalInvite(ctx, group, accountNamed(network, by), offer);
			return describe(network, group);
		},
		leave(id, by) {
			act(id, by, (group, actor) => actions.leave(ctx, group, actor));
		},
		end: (id) => actions.end(ctx, groupNamed(network, id)),
	};
}

function jidOf(phone: string): string {
	if (!/^[0-9]+$/.test(phone)) throw new Refusal(400, 'Participants are named by number, digits only.');
	return pnJid(phone);
}

function outcome({ jid, code, invite }: ParticipantResult): Outcome {
	const phone = parseJid(jid)?.user ?? jid;
	if (!invite) return { phone, code };
	return { phone, code, invite: { code: invite.code, expiresAtMs: invite.expiresAtMs } };
}

function describe(network: Network, group: Group): GroupInfo {
	const phoneOf = (lid: string) => accountByLid(network, lid)?.phone ?? '';
	return {
		id: groupJid(group.id),
		subject: group.subject,
		description: group.description?.body,
		announce: group.announce,
		locked: group.locked,
		memberAddMode: group.memberAddMode,
		ephemeralSeconds: group.ephemeralSeconds,
		addressing: group.addressing,
		approval: group.approval,
		requests: group.requests.map(({ lid }) => phoneOf(lid)),
		hasPicture: group.picture !== undefined,
		inviteCode: group.inviteCode,
		participants: group.participants.map(({ lid, role }) => ({
			phone: phoneOf(lid),
			lid: `${lid}@lid`,
			role,
		})),
	};
}
