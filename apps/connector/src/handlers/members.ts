import { AppError, type Contract, Cursor, type DomainHandlers } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { assertStarred } from './starred.ts';

const pageSize = 200;

export const members: DomainHandlers<Contract['connector']['members'], SessionContext> = {
	async list(context, { jid, cursor }) {
		assertStarred(context, jid);
		const { session, storage } = context;
		const after = cursor === undefined ? '' : parseCursor(cursor);
		const [group, activity] = await Promise.all([
			session.whatsapp().groups.get(jid).catch(notAMember),
			storage.members.activity({ userId: session.userId, jid }),
		]);
		const known = new Map(activity.members.map((member) => [member.jid, member]));
		const sorted = group.members
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
			live: true,
		};
	},
};

/** A cursor is the last jid of the page before. */
function parseCursor(cursor: string): string {
	const jid = Buffer.from(Cursor.parse(cursor), 'base64url').toString();
	if (/^\d+@(lid|s\.whatsapp\.net)$/.test(jid)) return jid;
	throw new AppError(
		'invalid_input',
		'cursor: is not one that this list gave out. Leave it out to begin at the first page.',
	);
}

/** The group is starred, so it existed for this device: not being found any more means having left it. */
function notAMember(error: unknown): never {
	if (error instanceof AppError && error.code === 'group_not_found') {
		throw new AppError(
			'not_group_member',
			'Your device is no longer in this group. Join it again on your phone, or unstar it with unstar_group.',
			{ cause: error },
		);
	}
	throw error;
}
