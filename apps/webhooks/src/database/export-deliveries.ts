import { sql } from 'kysely';
import type { Place } from './deliveries.ts';
import type { Db } from './tables.ts';

export type ExportedDelivery = {
	id: number;
	created_at: Date;
	webhookId: string;
	eventId: string;
	type: string;
	groupJid: string | null;
	happenedAt: Date;
	state: string;
	attempts: number;
	finishedAt: Date | null;
};

/** All deliveries of a user, the oldest first, behind a place; without their bodies, which repeat what happened. */
export async function listAllDeliveries(
	db: Db,
	{ userId, after, limit }: { userId: string; after: Place | undefined; limit: number },
): Promise<ExportedDelivery[]> {
	const { rows } = await sql<ExportedDelivery>`
		select d.id, d.created_at, d.endpoint_id as "webhookId", d.event_id as "eventId", e.type, e.group_jid as "groupJid",
			e.at as "happenedAt", d.state, d.attempts, d.finished_at as "finishedAt"
		from deliveries d join events e on e.user_id = d.user_id and e.id = d.event_id
		where d.user_id = ${userId}
			${after === undefined ? sql`` : sql`and (d.created_at, d.id) > (${after.createdAt}, ${after.id})`}
		order by d.created_at, d.id limit ${limit}`.execute(db);
	return rows;
}

export async function countAllDeliveries(db: Db, userId: string): Promise<number> {
	const { rows } = await sql<{ count: string }>`
		select count(*) from deliveries where user_id = ${userId}`.execute(db);
	return Number(rows[0]?.count ?? 0);
}
