const vocabulary = 20_000;

/** A text of 4 to 20 words, of which few come often and most are rare, as people write. */
export function sentence(): string {
	return Array.from({ length: 4 + Math.floor(Math.random() * 17) }, () =>
		wordOf(Math.floor(vocabulary * Math.random() ** 4)),
	).join(' ');
}

/** Letters that stand for a number: 3 for the most common words, more for the rare ones. */
function wordOf(rank: number): string {
	return (rank + 1_300).toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)));
}
