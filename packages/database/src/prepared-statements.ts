import type pg from 'pg';

/**
 * Queries that come again and again are prepared: Postgres parses and plans each once a connection instead of every time, which
 * for a page of messages is two thirds of what it costs. A text is prepared when it comes for the third time, since many are
 * as long as their list of values; so few are kept that a connection's memory stays small.
 *
 * A prepared query whose columns are a star breaks when a migration adds one while it runs; those are left as they are.
 */
const preparedAtUse = 3;
const maxPrepared = 250;
const maxCounted = 1_000;
const listsAllColumns = /(?:\bselect|\breturning|,)\s+(?:"?\w+"?\.)?\*(?!\s+from\s+unnest\b)/i;

/** Finds the name under which a text is prepared; undefined for one that is not (yet). */
export function createStatementNames(): (text: string) => string | undefined {
	const names = new Map<string, string>();
	const uses = new Map<string, number>();
	return (text) => {
		const known = names.get(text);
		if (known !== undefined || names.size >= maxPrepared) return known;
		const count = (uses.get(text) ?? 0) + 1;
		uses.delete(text);
		if (count < preparedAtUse || listsAllColumns.test(text)) {
			uses.set(text, count);
			const [oldest] = uses.keys();
			if (uses.size > maxCounted && oldest !== undefined) uses.delete(oldest);
			return undefined;
		}
		const name = `s${names.size + 1}`;
		names.set(text, name);
		return name;
	};
}

/** Has a connection prepare its queries, by the names that are common to all connections of a pool. */
export function prepareQueries(client: pg.PoolClient, nameOf: ReturnType<typeof createStatementNames>): void {
	const query: (...args: unknown[]) => unknown = client.query.bind(client);
	Object.assign(client, {
		query(text: unknown, values: unknown, ...rest: unknown[]) {
			const isPreparable = typeof text === 'string' && Array.isArray(values) && values.length > 0;
			const name = isPreparable ? nameOf(text) : undefined;
			if (name === undefined) return query(text, values, ...rest);
			return query({ name, text, values }, ...rest);
		},
	});
}
