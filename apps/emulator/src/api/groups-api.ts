import * as actions from '../actions/groups.ts';
import { groupJid, parseJid, pnJid } from '../binary/jid.ts';
import { accountByLid } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { groupFor, type ParticipantResult } from '../network/groups.ts';
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
		create({ by, subject, participants = [] }) {
			const { group, failed } = actions.create(
				ctx,
				accountNamed(network, by),
				subject,
				participants.map(jidOf),
			);
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
		join: (code, by) => describe(network, actions.join(ctx, code, accountNamed(network, by))),
		leave(id, by) {
			act(id, by, (group, actor) => actions.leave(ctx, group, actor));
		},
	};
}

function jidOf(phone: string): string {
	if (!/^[0-9]+$/.test(phone)) throw new Refusal(400, 'Participants are named by number, digits only.');
	return pnJid(phone);
}

function outcome({ jid, code }: ParticipantResult): Outcome {
	return { phone: parseJid(jid)?.user ?? jid, code };
}

function describe(network: Network, group: Group): GroupInfo {
	return {
		id: groupJid(group.id),
		subject: group.subject,
		description: group.description?.body,
		announce: group.announce,
		locked: group.locked,
		inviteCode: group.inviteCode,
		participants: group.participants.map(({ lid, role }) => ({
			phone: accountByLid(network, lid)?.phone ?? '',
			lid: `${lid}@lid`,
			role,
		})),
	};
}
