import * as joining from '../actions/group-joining.ts';
import { groupNode } from '../actions/group-node.ts';
import { groupJid } from '../binary/jid.ts';
import { attr, child, children, firstChild, node } from '../binary/node.ts';
import { groupByInvite } from '../network/group-invites.ts';
import { groupForAdmin } from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import { groupId, inGroup, participants } from './group-query.ts';
import type { IqTable } from './iq-handler.ts';

/** The ways into a group: invitation links, requests that admins decide on, invitations for one person. */
export const groupJoiningQueries: IqTable = {
	/** To a group: its invitation. To `@g.us`: what an invitation leads to. */
	'w:g2 get invite': ({ ctx, caller, iq, request }) => {
		const id = groupId(iq);
		if (id === '') {
			const group = groupByInvite(ctx.network, request.attrs.code ?? '');
			return { content: [groupNode(ctx.network, group)] };
		}
		const group = groupForAdmin(ctx.network, id, caller.account);
		return { content: [node('invite', { code: group.inviteCode })] };
	},

	/** To a group: revoke its invitation. To `@g.us`: accept one; where admins decide, that is only a request. */
	'w:g2 set invite': ({ ctx, caller, iq, request }) => {
		const id = groupId(iq);
		if (id === '') {
			const { group, requested } = joining.join(ctx, request.attrs.code ?? '', caller.account);
			const jid = groupJid(group.id);
			return { content: [node(requested ? 'membership_approval_request' : 'group', { jid })] };
		}
		const group = groupForAdmin(ctx.network, id, caller.account);
		return { content: [node('invite', { code: joining.revokeInvite(ctx, group, caller.account) })] };
	},

	/** From an invitation in a message. The caller is not a member yet. */
	'w:g2 set accept': ({ ctx, caller, iq, request }) => {
		const group = ctx.network.groups.get(groupId(iq));
		if (!group) throw new Refusal(404, 'There is no such group.');
		const { code = '', admin = '' } = request.attrs;
		joining.acceptPersonalInvite(ctx, group, caller.account, { code, admin });
		return {};
	},

	'w:g2 set revoke': inGroup(({ ctx, caller, request }, group) => {
		joining.revokePersonalInvites(ctx, group, caller.account, participants(request));
		return {};
	}),

	'w:g2 set membership_approval_mode': inGroup(({ ctx, caller, request }, group) => {
		const on = attr(child(request, 'group_join'), 'state') === 'on';
		joining.setApproval(ctx, group, caller.account, on);
		return {};
	}),

	'w:g2 get membership_approval_requests': ({ ctx, caller, iq }) => {
		const group = groupForAdmin(ctx.network, groupId(iq), caller.account);
		return { content: [node('membership_approval_requests', {}, joining.requestNodes(ctx, group))] };
	},

	'w:g2 set membership_requests_action': inGroup(({ ctx, caller, request }, group) => {
		const action = firstChild(request);
		if (action?.tag !== 'approve' && action?.tag !== 'reject') throw new Refusal(400, 'No such action.');
		const jids = children(action, 'participant').map(({ attrs }) => attrs.jid ?? '');
		const decided = joining.decide(ctx, group, caller.account, action.tag, jids);
		const content = decided.map(({ jid, code }) =>
			node('participant', { jid, error: code === 200 ? undefined : String(code) }),
		);
		return { content: [node('membership_requests_action', {}, [node(action.tag, {}, content)])] };
	}),
};
