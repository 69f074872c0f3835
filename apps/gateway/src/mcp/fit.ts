import type { CallToolResult } from '@modelcontextprotocol/server';
import { jsonOf } from './result-json.ts';

/** Clients cut or refuse what is longer (Claude Code at 25,000 tokens and 50,000 characters; we stay well below). */
const maxResultLength = 20_000;

type Output = Record<string, unknown>;
/** Makes the result of an output, with notes in our own words. */
type Build = (output: Output, notes: readonly string[]) => CallToolResult;

export function isTooLong(result: CallToolResult): boolean {
	return jsonOf(result).length >= maxResultLength;
}

/**
 * A page that is too long, cut to what fits. Where the answer goes on with a cursor, ours takes up inside the page; where it
 * does not, `omitted` counts what is missing.
 *
 * @param place Where in the service's pages this one is.
 */
export function cutToFit(output: Output, place: Place, build: Build): CallToolResult {
	const whole = build(output, []);
	if (!isTooLong(whole)) return whole;
	const lists = Object.entries(output).filter((entry): entry is [string, unknown[]] =>
		Array.isArray(entry[1]),
	);
	const longest = Math.max(0, ...lists.map(([, items]) => items.length));
	let [fits, tooMany] = [0, longest];
	while (tooMany - fits > 1) {
		const count = Math.floor((fits + tooMany) / 2);
		if (isTooLong(build(...cutTo(count)))) tooMany = count;
		else fits = count;
	}
	return build(...cutTo(fits));

	function cutTo(count: number): [Output, string[]] {
		const kept = Object.fromEntries(lists.map(([name, items]) => [name, items.slice(0, count)]));
		if ('nextCursor' in output) {
			const nextCursor = writePlace({ ...place, skip: place.skip + count });
			return [
				{ ...output, ...kept, nextCursor },
				[`Only ${count} fit into one answer: call again with nextCursor for the rest.`],
			];
		}
		const omitted = Object.fromEntries(
			lists.map(([name, items]) => [name, Math.max(0, items.length - count)]),
		);
		const counts = Object.entries(omitted).map(([name, missing]) => `${missing} more ${name}`);
		return [{ ...output, ...kept, omitted }, [`Not everything fits into one answer: ${counts.join(', ')}.`]];
	}
}

/** A place inside a page of a service: the cursor that leads to the page, and how many of its items were given out. */
export type Place = { readonly cursor: string | undefined; readonly skip: number };

const placeShape = /^cm1\.(\d{1,6})\.(.*)$/s;

/** The place that a caller's cursor names: one of ours, or one of the service's own. */
export function readPlace(cursor: unknown): Place {
	if (typeof cursor !== 'string') return { cursor: undefined, skip: 0 };
	const [, skip, inner] = placeShape.exec(cursor) ?? [];
	if (skip === undefined) return { cursor, skip: 0 };
	return { cursor: inner === '' ? undefined : inner, skip: Number(skip) };
}

function writePlace({ cursor, skip }: Place): string {
	return `cm1.${skip}.${cursor ?? ''}`;
}

/** A page without the items that were given out before. */
export function skipItems(output: Output, { skip }: Place): Output {
	if (skip === 0) return output;
	return Object.fromEntries(
		Object.entries(output).map(([name, value]) => [name, Array.isArray(value) ? value.slice(skip) : value]),
	);
}
