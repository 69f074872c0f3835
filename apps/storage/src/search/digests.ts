import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { MessageContent } from '@chat-manager/contracts';
import type { Keyring } from '@chat-manager/database';
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
	/** Derived keys, for as long as the keyring remembers the data key. Key objects: `createHmac` takes seven times as long for a buffer. */
	const searchKeys = new WeakMap<KeyObject, KeyObject>();

	function searchKeyOf(dataKey: KeyObject): KeyObject {
		const known = searchKeys.get(dataKey);
		if (known !== undefined) return known;
		const key = createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, '', 'storage/search', 32)));
		searchKeys.set(dataKey, key);
		return key;
	}

	async function digestsOf(userId: string, scope: string, texts: readonly string[]): Promise<number[]> {
		const key = searchKeyOf(await keyring.get(userId));
		return texts.map((text) => {
			const digest = createHmac('sha256', key).update(`${scope}\n${text}`).digest('hex');
			// 52 bits: enough for no two words of a group to meet, and an integer that a number holds.
			return Number.parseInt(digest.slice(0, 13), 16);
		});
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
