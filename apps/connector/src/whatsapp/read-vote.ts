import { createHash } from 'node:crypto';
import { decryptPollVote } from '@whiskeysockets/baileys';
import type { EncryptedVote, Poll } from './describe-change.ts';
import { oneLine } from './describe-part.ts';
import type { Target } from './read-message.ts';

/**
 * The options that a vote chooses, all of them: a later vote of the same person takes the place of the earlier one, and one
 * without options takes it back. The key is made from the poll's secret and from the names of the poll's author and of the
 * voter, each by hidden id or by phone, as their clients saw them; only the right pair opens it. `undefined` when none does.
 */
export function readVote(
	{ secret, options }: Poll,
	{ wire }: Pick<Target, 'wire'>,
	vote: EncryptedVote,
): string[] | undefined {
	for (const pollCreatorJid of wire.authors) {
		for (const voterJid of wire.senders) {
			const context = { pollCreatorJid, pollMsgId: wire.id, pollEncKey: secret, voterJid };
			const chosen = open(vote, context);
			if (chosen === undefined) continue;
			return options.filter((option) => chosen.has(digestOf(option))).map(oneLine);
		}
	}
	return undefined;
}

function open(vote: EncryptedVote, context: Parameters<typeof decryptPollVote>[1]): Set<string> | undefined {
	try {
		const { selectedOptions } = decryptPollVote(vote, context);
		return new Set((selectedOptions ?? []).map((digest) => Buffer.from(digest).toString('hex')));
	} catch {
		return undefined;
	}
}

function digestOf(option: string): string {
	return createHash('sha256').update(option).digest('hex');
}
