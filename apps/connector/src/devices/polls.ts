import type { Vault } from '@chat-manager/backend';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Lease } from '../database/lease.ts';
import { findPoll, type PollKey, savePoll } from '../database/polls.ts';
import type { Tables } from '../database/tables.ts';
import type { Poll } from '../whatsapp/describe-change.ts';

/** The secrets and options of polls, sealed: votes come for as long as people look at the poll. */
export type Polls = {
	keep(key: PollKey, poll: Poll): Promise<void>;
	/** `undefined` for a poll that was not captured, or is too old. */
	find(key: PollKey): Promise<Poll | undefined>;
};

const Stored = z.object({ secret: z.base64(), options: z.array(z.string()) });

export function createPolls(options: { db: Kysely<Tables>; vault: Vault; lease: Lease }): Polls {
	const { db, vault, lease } = options;
	const { userId } = lease;
	const placeOf = ({ chatJid, authorJid, messageId }: PollKey) => ({
		userId,
		row: `polls/${chatJid}/${authorJid}/${messageId}`,
	});
	return {
		async keep(key, { secret, options }) {
			const json = JSON.stringify({ secret: Buffer.from(secret).toString('base64'), options });
			await savePoll(db, lease, { ...key, value: await vault.seal(placeOf(key), json) });
		},
		async find(key) {
			const sealed = await findPoll(db, userId, key);
			if (sealed === undefined) return undefined;
			const stored = Stored.parse(JSON.parse((await vault.open(placeOf(key), sealed)).toString()));
			return { secret: Buffer.from(stored.secret, 'base64'), options: stored.options };
		},
	};
}
