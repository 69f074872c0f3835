import pg from 'pg';

type Parse = (text: string) => unknown;

/** pg's own parsers; its types know the built-in types by enum, on the wire they are plain numbers. */
const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => Parse;
const int8Array = 1016;

/**
 * How column values reach JavaScript where pg's own choice does not fit: int8 (every `count(*)`) as a number instead of a
 * text, a date as the text it is instead of midnight in the server's time zone. timestamptz is a Date by pg itself.
 */
const parsers: ReadonlyMap<number, Parse> = new Map<number, Parse>([
	[pg.types.builtins.INT8, parseInt8],
	[int8Array, parseInt8Array],
	[pg.types.builtins.DATE, (text) => text],
]);

export const valueTypes: pg.CustomTypesConfig = {
	getTypeParser(oid: number, format?: string): Parse {
		return (format === 'binary' ? undefined : parsers.get(oid)) ?? parserOf(oid, format);
	},
};

/** Fails rather than rounds: a value beyond 2^53 has to be selected as text. */
function parseInt8(text: string): number {
	const value = Number(text);
	if (!Number.isSafeInteger(value))
		throw new RangeError('An int8 beyond 2^53 does not fit a number: select it as text.');
	return value;
}

function parseInt8Array(text: string): unknown {
	const items = parserOf(int8Array)(text) as (string | null)[];
	return items.map((item) => (item === null ? null : parseInt8(item)));
}
