import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { decryptPollVote, proto } from '@whiskeysockets/baileys';

/**
 * A vote in a poll: the SHA-256 of each chosen option, sealed so that only those can open it who have seen the poll.
 *
 *     key = HMAC(HMAC(32 zeros, the poll's secret), poll id ‖ creator ‖ voter ‖ "Poll Vote" ‖ 1)
 *     AES-256-GCM with "poll id, NUL, voter" as associated data
 */
export function sealVote(
	options: readonly string[],
	poll: { secret: Uint8Array; pollId: string; creator: string; voter: string },
): proto.Message.IPollEncValue {
	const { secret, pollId, creator, voter } = poll;
	const about = Buffer.concat([Buffer.from(`${pollId}${creator}${voter}Poll Vote`), Buffer.from([1])]);
	const key = hmac(hmac(Buffer.alloc(32), secret), about);
	const encIv = randomBytes(12);
	const selectedOptions = options.map((option) => createHash('sha256').update(option).digest());
	const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
	const cipher = createCipheriv('aes-256-gcm', key, encIv);
	cipher.setAAD(Buffer.from(`${pollId}\0${voter}`));
	const encPayload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
	return { encPayload, encIv };
}

/**
 * The options that were chosen, by name. Clients name creator and voter by either address, so every pair is tried; nothing when
 * none fits.
 */
export function openVote(
	sealed: proto.Message.IPollEncValue,
	poll: { secret: Uint8Array; pollId: string; options: readonly string[] },
	creators: readonly string[],
	voters: readonly string[],
): string[] | undefined {
	for (const pollCreatorJid of creators) {
		for (const voterJid of voters) {
			const context = { pollCreatorJid, voterJid, pollMsgId: poll.pollId, pollEncKey: poll.secret };
			try {
				const { selectedOptions } = decryptPollVote(sealed, context);
				const chosen = new Set(selectedOptions.map((hash) => Buffer.from(hash).toString('hex')));
				return poll.options.filter((option) => chosen.has(createHash('sha256').update(option).digest('hex')));
			} catch {
				// Not under these two names.
			}
		}
	}
	return undefined;
}

function hmac(key: Uint8Array, data: Uint8Array): Buffer {
	return createHmac('sha256', key).update(data).digest();
}
