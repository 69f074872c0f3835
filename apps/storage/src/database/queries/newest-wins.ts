import { sql } from 'kysely';

/**
 * The assignments of an upsert into members. Batches may be applied in either order, so nothing is decided by who comes
 * last: name, phone and presence each stay with the newest moment.
 */
export const newestDescription = sql`
	name = case when excluded.named_at > members.named_at then excluded.name else members.name end,
	named_at = greatest(members.named_at, excluded.named_at),
	phone = case when excluded.phone_at > members.phone_at then excluded.phone else members.phone end,
	phone_at = greatest(members.phone_at, excluded.phone_at)`;

const isNewer = sql`
	(excluded.presence_at, excluded.presence_sequence) > (members.presence_at, members.presence_sequence)`;

export const newestPresence = sql`
	role = case when ${isNewer} then excluded.role else members.role end,
	present = case when ${isNewer} then excluded.present else members.present end,
	presence_at = case when ${isNewer} then excluded.presence_at else members.presence_at end,
	presence_sequence = case when ${isNewer} then excluded.presence_sequence else members.presence_sequence end`;
