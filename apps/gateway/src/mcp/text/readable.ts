import { visible } from './visible-text.ts';

/** A longer text of one field is cut: the rest of one message must not push out all others. */
const maxTextLength = 4_000;

/**
 * A value as a model may see it: nothing unseen in its texts, none of them longer than `maxTextLength`; what was cut says how
 * long it was. A value in which nothing has to change is returned as it is.
 */
export function readable<T>(value: T): T;
export function readable(value: unknown): unknown {
	return isReadable(value) ? value : mend(value);
}

function isReadable(value: unknown): boolean {
	if (typeof value === 'string') return value.length <= maxTextLength && visible(value) === value;
	if (typeof value !== 'object' || value === null) return true;
	// Not by `for … in`: of objects that a schema has just made it takes ten times as long.
	return Object.values(value).every(isReadable);
}

function mend(value: unknown): unknown {
	if (typeof value === 'string') return visible(value.length <= maxTextLength ? value : cut(value));
	if (Array.isArray(value)) return value.map(mend);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mend(item)]));
}

function cut(text: string): string {
	const end = text.codePointAt(maxTextLength - 1) ?? 0;
	// Never half of a pair of surrogates.
	const kept = text.slice(0, end > 0xffff ? maxTextLength - 1 : maxTextLength);
	return `${kept} … [cut here: ${text.length} characters in all]`;
}
