/**
 * Words as the search knows them: folded, so that case, accents and width do not matter. Scripts that are written without
 * spaces have no words to split at: of them every character and every pair of neighbours is kept, and a query is looked
 * for by its pairs.
 */
export function wordsOf(text: string): string[] {
	const words = new Set<string>();
	for (const run of runs(text)) {
		if (!isUnspaced(run)) words.add(run.slice(0, maxWordLength));
		else for (const piece of [...run, ...pairs(run)]) words.add(piece);
		if (words.size > maxWords) break;
	}
	return [...words].slice(0, maxWords);
}

/** The words that a message must have to be found. None: there is nothing to look for. */
export function queryWords(query: string): string[] {
	const words = runs(query).flatMap((run) => {
		if (!isUnspaced(run)) return [run.slice(0, maxWordLength)];
		return [...run].length === 1 ? [run] : pairs(run);
	});
	return [...new Set(words)];
}

const maxWords = 4_000;
const maxWordLength = 64;

const unspaced = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]`;
const run = new RegExp(
	String.raw`${unspaced}[${unspaced.slice(1, -1)}\p{M}]*|[\p{L}\p{N}\p{M}]+?(?=${unspaced})|[\p{L}\p{N}\p{M}]+`,
	'gu',
);
const startsUnspaced = new RegExp(`^${unspaced}`, 'u');
/** Accents and vowel points, which people leave out; signs without which a word is another one stay. */
const accents = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;

function runs(text: string): string[] {
	return fold(text).match(run) ?? [];
}

/** Through capitals and back, for ß and the like; the two small sigmas of Greek are one letter. */
function fold(text: string): string {
	const plain = text.normalize('NFKD').replace(accents, '').toUpperCase().toLowerCase();
	return plain.normalize('NFKD').replace(accents, '').replaceAll('ς', 'σ').normalize('NFC');
}

function isUnspaced(word: string): boolean {
	return startsUnspaced.test(word);
}

function pairs(word: string): string[] {
	const letters = [...word];
	return letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}
