import { sql } from 'kysely';
import type { Db } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';

/** Makes a group starred. What changed before `takenAt` is contained in the snapshot. */
export async function starGroup(
	db: Db,
	args: GroupKey & { at: Date; takenAt: Date; capturedFrom: Date },
): Promise<void> {
	await sql`
		update starred_groups set starred_at = ${args.at}, baseline_at = ${args.takenAt},
			captured_from = ${args.capturedFrom}, last_visited_at = null, visited_place = null,
			messages_deleted_at = null, announced = true
		where user_id = ${args.userId} and jid = ${args.jid}`.execute(db);
}

/** A group that is starred was so already at an earlier moment, of which the event came late. */
export async function moveStarBack(db: Db, args: GroupKey & { at: Date; takenAt: Date }): Promise<void> {
	await sql`
		update starred_groups set starred_at = ${args.at}, baseline_at = ${args.takenAt},
			captured_from = least(captured_from, ${args.at}::timestamptz)
		where user_id = ${args.userId} and jid = ${args.jid}`.execute(db);
}

/** Sets name and description, each only if what is known is older. Undefined leaves it alone. */
export async function describeGroup(
	db: Db,
	args: GroupKey & { at: Date; name: string | undefined; description: string | null | undefined },
): Promise<void> {
	const { userId, jid, at, name, description } = args;
	if (name !== undefined)
		await sql`
			update starred_groups set name = ${name}, name_at = ${at}
			where user_id = ${userId} and jid = ${jid} and name_at < ${at}`.execute(db);
	if (description !== undefined)
		await sql`
			update starred_groups set description = ${description}, description_at = ${at}
			where user_id = ${userId} and jid = ${jid} and description_at < ${at}`.execute(db);
}

/** The span in which a group was not starred: nothing was captured then. */
export async function addPause(db: Db, args: GroupKey & { from: Date; to: Date }): Promise<void> {
	await sql`
		insert into pauses (user_id, jid, from_at, to_at) values (${args.userId}, ${args.jid}, ${args.from}, ${args.to})
		on conflict do nothing`.execute(db);
}
