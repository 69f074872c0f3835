/** A longer text of one field is cut: the rest of one message must not push out all others. */
const maxTextLength = 4_000;

/** Every text of a value at most `maxTextLength` long; what was cut says how long it was. */
export function shortenTexts(value: unknown): unknown {
	if (typeof value === 'string') return value.length <= maxTextLength ? value : cut(value);
	if (Array.isArray(value)) return value.map(shortenTexts);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortenTexts(item)]));
}

function cut(text: string): string {
	const end = text.codePointAt(maxTextLength - 1) ?? 0;
	// Never half of a pair of surrogates.
	const kept = text.slice(0, end > 0xffff ? maxTextLength - 1 : maxTextLength);
	return `${kept} … [cut here: ${text.length} characters in all]`;
}
