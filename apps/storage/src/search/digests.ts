import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { MessageContent } from '@chat-manager/contracts';
import type { Keyring } from '@chat-manager/database';
import { createKeyedDigest } from './keyed-digest.ts';
import { queryWords, wordsOf } from './words.ts';

/**
 * Words as the database sees them: digests with a key of the user's own, bound to the group, as arrays in the form of
 * Postgres. Equal words of one group have equal digests, which is what the index needs; nothing else can be told from them.
 */
export type Digests = {
	/** Of a message, to be found by. */
	ofContent(group: { userId: string; jid: string }, content: MessageContent): Promise<string>;
	/** Of a search; undefined when there is no word in it. */
	ofQuery(group: { userId: string; jid: string }, query: string): Promise<string | undefined>;
	/** Of what was chosen for one message (emoji, options), one digest each, to be counted by. */
	ofChoices(
		message: { userId: string; jid: string; messageId: string },
		choices: readonly string[],
	): Promise<number[]>;
};

export function createDigests(keyring: Keyring): Digests {
	/** By derived keys, for as long as the keyring remembers the data key. */
	const keyed = new WeakMap<KeyObject, (text: string) => string>();

	function keyedBy(dataKey: KeyObject): (text: string) => string {
		const known = keyed.get(dataKey);
		if (known !== undefined) return known;
		const searchKey = Buffer.from(hkdfSync('sha256', dataKey, '', 'storage/search', 32));
		const digest = createKeyedDigest(createSecretKey(searchKey));
		keyed.set(dataKey, digest);
		return digest;
	}

	async function digestsOf(userId: string, scope: string, texts: readonly string[]): Promise<number[]> {
		const digest = keyedBy(await keyring.get(userId));
		// 52 bits: enough for no two words of a group to meet, and an integer that a number holds.
		return texts.map((text) => Number.parseInt(digest(`${scope}\n${text}`).slice(0, 13), 16));
	}

	const wordScope = (jid: string) => `word\n${jid}`;
	return {
		async ofContent({ userId, jid }, { text, media }) {
			const words = wordsOf([text, media?.fileName].filter(Boolean).join('\n'));
			return toArray(await digestsOf(userId, wordScope(jid), words));
		},
		async ofQuery({ userId, jid }, query) {
			const words = queryWords(query);
			return words.length === 0 ? undefined : toArray(await digestsOf(userId, wordScope(jid), words));
		},
		ofChoices: ({ userId, jid, messageId }, choices) =>
			digestsOf(userId, `choice\n${jid}\n${messageId}`, choices),
	};
}

function toArray(digests: readonly number[]): string {
	// Sorted: their order would tell that of the words.
	return `{${Float64Array.from(digests).sort().join(',')}}`;
}
