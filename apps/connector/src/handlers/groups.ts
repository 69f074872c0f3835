import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
} from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { lookInTime } from '../groups/look-again.ts';
import { starGroup } from '../groups/star-group.ts';
import type { Group } from '../whatsapp/group-node.ts';
import { describeGroup, inviteLink, renameGroup } from './change-groups.ts';
import { createGroup } from './create-group.ts';

export const groups: DomainHandlers<Contract['connector']['groups'], SessionContext> = {
	create: createGroup,
	inviteLink,
	rename: renameGroup,
	describe: describeGroup,

	async list(context, _input, call) {
		const { session, groups } = context;
		session.whatsapp();
		const found = await lookInTime(context, call, (timeoutMs) =>
			groups.limits.look(() => session.whatsapp().groups.list(timeoutMs)),
		);
		const entries = found.map(({ jid, name, members }) => ({
			jid,
			name,
			starred: session.groups.has(jid),
			participantCount: members.length,
		}));
		return { groups: entries.sort((a, b) => a.name.localeCompare(b.name)) };
	},

	async star(context, { jid }, call) {
		context.session.whatsapp();
		const group = await findOwn(context, jid, call);
		assertInTime(call, context.clock.now());
		const starredAt = await starGroup(context, group);
		return { jid, name: group.name, starred: true, starredAt, participantCount: group.members.length };
	},
};

/** One answer for a group that does not exist and one that is not theirs: a foreign group cannot be told from a missing one. */
async function findOwn(context: SessionContext, jid: string, call: Pick<Call, 'deadline'>): Promise<Group> {
	try {
		return await lookInTime(context, call, (timeoutMs) => context.groups.record.refresh(jid, timeoutMs));
	} catch (error) {
		const isMissing =
			error instanceof AppError && ['not_group_member', 'group_not_found'].includes(error.code);
		if (!isMissing) throw error;
		throw new AppError(
			'group_not_found',
			'Your device is in no group with this JID. Check the JID, or join the group on your phone first.',
			{ cause: error },
		);
	}
}
