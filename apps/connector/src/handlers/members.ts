import { AppError, type Call, type Contract, Cursor, type DomainHandlers } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { lookInTime } from '../groups/look-again.ts';
import type { Group } from '../whatsapp/group-node.ts';
import { addMembers, removeMembers } from './change-members.ts';
import { assertStarred } from './starred.ts';

const pageSize = 200;

export const members: DomainHandlers<Contract['connector']['members'], SessionContext> = {
	add: addMembers,
	remove: removeMembers,
	async list(context, { jid, cursor }, call) {
		assertStarred(context, jid);
		const { session, storage, groups } = context;
		const after = cursor === undefined ? '' : parseCursor(cursor);
		session.whatsapp(); // An offline device is said, not papered over with the record.
		const [{ group, live }, activity] = await Promise.all([
			lookOrRecall(context, jid, call, cursor === undefined),
			storage.members.activity({ userId: session.userId, jid }),
		]);
		const known = new Map(activity.members.map((member) => [member.jid, member]));
		const sorted = (await groups.people.completeGroup(group)).members
			.filter((member) => member.jid > after)
			.sort((a, b) => (a.jid < b.jid ? -1 : 1));
		const page = sorted.slice(0, pageSize);
		const last = page.at(-1);
		return {
			participants: page.map(({ jid: memberJid, phone, role }) => {
				const record = known.get(memberJid);
				return {
					jid: memberJid,
					name: record?.name ?? null,
					phone,
					role,
					lastMessageAt: record?.lastMessageAt ?? null,
					messageCount: record?.messageCount ?? 0,
				};
			}),
			nextCursor:
				last === undefined || sorted.length <= pageSize ? null : Buffer.from(last.jid).toString('base64url'),
			live,
		};
	},
};

/** What WhatsApp says now; while it asks to slow down, the members as last seen. Later pages are those of the first look. */
async function lookOrRecall(
	context: SessionContext,
	jid: string,
	call: Pick<Call, 'deadline'>,
	isFirstPage: boolean,
): Promise<{ group: Group; live: boolean }> {
	const { record } = context.groups;
	try {
		const group = await lookInTime(context, call, (timeoutMs) =>
			isFirstPage ? record.refresh(jid, timeoutMs) : record.current(jid, timeoutMs),
		);
		return { group, live: true };
	} catch (error) {
		if (!(error instanceof AppError && error.code === 'whatsapp_rate_limited')) throw error;
		const group = await record.recalled(jid);
		if (group === undefined) throw error;
		return { group, live: false };
	}
}

/** A cursor is the last jid of the page before. */
function parseCursor(cursor: string): string {
	const jid = Buffer.from(Cursor.parse(cursor), 'base64url').toString();
	if (/^\d+@(lid|s\.whatsapp\.net)$/.test(jid)) return jid;
	throw new AppError(
		'invalid_input',
		'cursor: is not one that this list gave out. Leave it out to begin at the first page.',
	);
}
