import { type Kysely, sql } from 'kysely';

export type Applied = { name: string; needs: string | null };

/** The names in the order in which they run; throws where they give none. */
export function orderedNames(migrations: Readonly<Record<string, unknown>>): string[] {
	const names = Object.keys(migrations).sort();
	for (const [index, name] of names.entries()) {
		const [number] = /^\d{4}(?=-[a-z0-9-]+$)/.exec(name) ?? [];
		if (number === undefined)
			throw new Error(`The migration "${name}" must be named like 0001-what-it-does.`);
		if (names[index - 1]?.startsWith(`${number}-`) === true)
			throw new Error(`Two migrations have the number ${number}.`);
	}
	return names;
}

export async function readApplied<Tables>(db: Kysely<Tables>): Promise<Applied[]> {
	await sql`
		create table if not exists migrations (
			name text primary key,
			applied_at timestamptz not null default now()
		)`.execute(db);
	await sql`alter table migrations add column if not exists needs text`.execute(db);
	const { rows } = await sql<Applied>`
		select name, needs from migrations order by name collate "C"`.execute(db);
	return rows;
}

/**
 * What has run must be the beginning of what this program knows, or all of it and more that a newer version added. How many
 * there are more.
 */
export function assertRunnable(state: {
	schema: string;
	names: readonly string[];
	applied: readonly Applied[];
}): number {
	const { schema, names, applied } = state;
	const known = new Set(names);
	const unknown = applied.filter(({ name }) => !known.has(name));
	const taken = unknown.find(({ needs }) => needs !== null && !known.has(needs));
	if (taken !== undefined)
		throw new Error(
			`The schema "${schema}" was migrated by a newer version of this program ("${taken.name}" takes away what this one uses): start that version or a later one.`,
		);
	const ran = new Set(applied.map(({ name }) => name));
	const late = names.find(
		(name, index) => !ran.has(name) && (index < applied.length - unknown.length || unknown.length > 0),
	);
	if (late !== undefined)
		throw new Error(
			`The migration "${late}" is new but stands before ones that have already run in "${schema}": give it the next number.`,
		);
	return unknown.length;
}
