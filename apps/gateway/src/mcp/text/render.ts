/**
 * An answer as short text: a line for each field, and one for each item of a list. What is null, false or empty is left out.
 * Ids, numbers and times stand bare; every other text is a JSON string, so that no text can look like a field.
 */
export function render(output: Record<string, unknown>): string {
	const lines = Object.entries(output).flatMap(([name, value]) => {
		if (Array.isArray(value) && value.some(isObject))
			return [`${name} (${value.length}):`, ...value.map((item) => `- ${inline(item)}`)];
		if (Array.isArray(value) && value.length === 0) return [`${name}: none`];
		return isLeftOut(value) ? [] : [`${name}: ${inline(value, false)}`];
	});
	return lines.length === 0 ? 'Done.' : lines.join('\n');
}

/** One string is added to, without lists in between: a page of messages has hundreds of fields. */
function inline(value: unknown, isItem = true): string {
	if (typeof value === 'string') return plain.test(value) ? value : JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map((item) => inline(item, false)).join(', ')}]`;
	if (!isObject(value)) return String(value);
	let fields = '';
	for (const name of Object.keys(value)) {
		const field = value[name];
		if (!isLeftOut(field)) fields += `${fields === '' ? '' : ', '}${name}: ${inline(field, false)}`;
	}
	return isItem ? fields : `{${fields}}`;
}

function isLeftOut(value: unknown): boolean {
	if (Array.isArray(value)) return value.length === 0;
	return value === null || value === undefined || value === false;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids, times, addresses and words of our own: nothing in them can be taken for the end of a field. */
const plain = /^[A-Za-z0-9+][A-Za-z0-9_@.:/+=?&%-]*$/;
