/**
 * Characters that a person does not see and a model does: controls, directions (https://trojansource.codes), zero widths, tags
 * (a whole alphabet that shows nothing), fillers and halves of a pair. Line ends and tabs are seen and stay.
 */
const hiddenRanges = [
	'\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}',
	'\\u115F\\u1160\\u3164\\uFFA0',
	'\\u034F\\u17B4\\u17B5\\u180B-\\u180F\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}',
];
/** Most texts: nothing in them has to be looked up. */
const ascii = /^[\n\t\x20-\x7e]*$/;
const hidden = new RegExp(`[${hiddenRanges.join('')}]`, 'u');
const hiddenAll = new RegExp(hidden, 'gu');

/** Where an unseen character belongs to writing: inside an emoji, and between letters of scripts that join. */
const joined =
	/(?<=\p{Emoji})\uFE0F|(?<=\p{Emoji}\uFE0F?|\p{EMod})\u200D(?=\p{Emoji})|(?<=[\p{L}\p{M}])[\u200C\u200D](?=[\p{L}\p{M}])|\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F}|[\n\t]|\r(?=\n)/gu;

/** The text with every unseen character written out, as ⟨U+202E⟩. */
export function visible(text: string): string {
	if (ascii.test(text) || !hidden.test(text)) return text;
	const kept = new Set<number>();
	for (const { index, 0: match } of text.matchAll(joined))
		for (let offset = 0; offset < match.length; offset++) kept.add(index + offset);
	return text.replace(hiddenAll, (character, index: number) =>
		kept.has(index) ? character : nameOf(character),
	);
}

/** One line for a title or a question: what others wrote, seen, quoted and cut. */
export function quoted(text: string, maxLength = 80): string {
	const line = visible(text).replace(/\s+/g, ' ').replace(/["“”]/g, "'").trim();
	const characters = [...line];
	return `“${characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line}”`;
}

function nameOf(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
