import { sql } from 'kysely';

/**
 * Whether a change `c` of a starred group `g` is one that its person has not seen: recorded after the last visit, or, before the
 * first one, not contained in the snapshot of the star. WhatsApp's times are whole seconds, so what happened in the second of
 * the snapshot may be contained or not: it counts, for nothing may be lost.
 */
export const isSinceVisit = sql`c.at >= date_trunc('second', g.baseline_at) and case
	when g.last_visited_at is null then true
	when g.visited_place is null or c.place is null then c.at > g.last_visited_at
	else c.place > g.visited_place
end`;
