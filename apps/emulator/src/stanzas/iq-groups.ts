import { groupNode, resultNode } from '../actions/group-node.ts';
import * as actions from '../actions/groups.ts';
import { parseJid } from '../binary/jid.ts';
import { attr, child, children, node, text } from '../binary/node.ts';
import type { ParticipantAction } from '../network/group-members.ts';
import * as groups from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import { inGroup, participants } from './group-query.ts';
import type { IqHandler, IqTable } from './iq-handler.ts';

/**
 * Groups (`w:g2`). Sent to the group, or to `@g.us` where there is no group yet or any more. What people can type, names and
 * codes, is never malformed: at worst it is refused.
 */
export const groupQueries: IqTable = {
	'w:g2 get query': inGroup(({ ctx }, group) => ({ content: [groupNode(ctx.network, group)] })),

	'w:g2 get participating': ({ ctx, caller }) => {
		const mine = groups.groupsOf(ctx.network, caller.account);
		return {
			content: [
				node(
					'groups',
					{},
					mine.map((group) => groupNode(ctx.network, group)),
				),
			],
		};
	},

	'w:g2 set create': ({ ctx, caller, request }) => {
		const { group, failed } = actions.create(
			ctx,
			caller.account,
			request.attrs.subject ?? '',
			participants(request),
		);
		return { content: [groupNode(ctx.network, group, failed)] };
	},

	'w:g2 set add': participantQuery('add'),
	'w:g2 set remove': participantQuery('remove'),
	'w:g2 set promote': participantQuery('promote'),
	'w:g2 set demote': participantQuery('demote'),

	'w:g2 set subject': inGroup(({ ctx, caller, request }, group) => {
		actions.setSubject(ctx, group, caller.account, request.content === undefined ? '' : text(request));
		return {};
	}),

	'w:g2 set description': inGroup(({ ctx, caller, request }, group) => {
		const { id, prev } = request.attrs;
		const body = request.attrs.delete === 'true' ? undefined : text(child(request, 'body'));
		actions.setDescription(ctx, group, caller.account, {
			body,
			previous: prev,
			...(id === undefined ? {} : { id }),
		});
		return {};
	}),

	'w:g2 set announcement': settingQuery('announcement'),
	'w:g2 set not_announcement': settingQuery('not_announcement'),
	'w:g2 set locked': settingQuery('locked'),
	'w:g2 set unlocked': settingQuery('unlocked'),

	'w:g2 set member_add_mode': inGroup(({ ctx, caller, request }, group) => {
		const mode = text(request) === 'all_member_add' ? 'all_member_add' : 'admin_add';
		actions.setMemberAddMode(ctx, group, caller.account, mode);
		return {};
	}),

	'w:g2 set ephemeral': inGroup(({ ctx, caller, request }, group) => {
		const expiration = Number(attr(request, 'expiration'));
		if (!Number.isSafeInteger(expiration) || expiration < 0) throw new Refusal(400, 'No such expiration.');
		actions.setEphemeral(ctx, group, caller.account, expiration);
		return {};
	}),
	'w:g2 set not_ephemeral': inGroup(({ ctx, caller }, group) => {
		actions.setEphemeral(ctx, group, caller.account, 0);
		return {};
	}),

	'w:g2 set leave': ({ ctx, caller, request }) => ({
		content: [
			node(
				'leave',
				{},
				children(request, 'group').map(({ attrs: { id: jid = '' } }) => {
					const group = ctx.network.groups.get(parseJid(jid)?.user ?? jid);
					if (!group || !groups.memberOf(group, caller.account))
						return node('group', { id: jid, error: '404' });
					actions.leave(ctx, group, caller.account);
					return node('group', { id: jid });
				}),
			),
		],
	}),
};

function participantQuery(action: ParticipantAction): IqHandler {
	return inGroup(({ ctx, caller, request }, group) => {
		const results = actions.changeParticipants(ctx, group, caller.account, action, participants(request));
		return { content: [node(action, {}, results.map(resultNode))] };
	});
}

function settingQuery(setting: actions.Setting): IqHandler {
	return inGroup(({ ctx, caller }, group) => {
		actions.setSetting(ctx, group, caller.account, setting);
		return {};
	});
}
