import { createHash, randomBytes } from 'node:crypto';
import type { NewMessage } from '@chat-manager/storage/record-messages';
import type pg from 'pg';

export type Group = { userId: string; jid: string };

/** A word of the group's newest message but a few: one that is found. */
export async function pickWord(admin: pg.Client, { userId, jid }: Group): Promise<string> {
	const { rows } = await admin.query(
		`select words[1]::text as word from chat.messages
		where user_id = $1 and jid = $2 and content is not null order by sent_at desc, id desc offset 5 limit 1`,
		[userId, jid],
	);
	return `{${rows[0]?.word ?? 1}}`;
}

/** As many messages as storage takes at once, of those groups. */
export function createBatch(
	groups: readonly Group[],
	{ rows, index }: { rows: number; index: number },
): NewMessage[] {
	return Array.from({ length: 200 }, (_, place) => {
		const group = groups[(index * 31 + place) % groups.length] ?? { userId: '', jid: '' };
		const id = createHash('md5').update(`${index}-${place}`).digest('hex');
		return {
			...group,
			messageId: `3EB1${id.slice(0, 18).toUpperCase()}`,
			authorJid: `98765432${String(place % 20).padStart(6, '0')}@lid`,
			sequence: rows + index * 200 + place + 1,
			eventId: id,
			sentAt: new Date(),
			kind: 'text',
			isYou: false,
			content: randomBytes(144),
			words: `{${Array.from({ length: 10 }, (_, word) => (randomBytes(6).readUIntBE(0, 6) * 16 + word) % 2 ** 52).sort((a, b) => a - b)}}`,
			name: `Member ${place % 20}`,
			phone: null,
		};
	});
}
