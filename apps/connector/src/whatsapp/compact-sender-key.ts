/**
 * Keeps sender keys small, and those of messages that are still on their way.
 *
 * Baileys' own group encryption uses every second iteration of its chain only. Each receiver, expecting the skipped
 * messages to arrive late, keeps a key for each of them, up to 2,000: the record of an author who uses Baileys grows by 167
 * bytes a message to 330 KB, and is parsed and written again with every message. Those messages never come. They are told by
 * standing alone: their neighbours were used.
 *
 * Messages that do come late come in numbers: after a time offline Baileys handles live ones before the queue of the others, so
 * that hundreds are skipped at once. Their keys stand in a row, and are kept; as the messages come, what is left of the row
 * stands alone and goes. Without its key such a message could be had by a retry only, from an author who is online.
 *
 * Baileys writes the seeds of these keys as `{type, data: [numbers]}` and reads only `{type, data: base64}` back as bytes, so
 * that with the stock record no message that comes late can be decrypted after the record was stored once. They are
 * written as it reads them.
 */
import { BufferJSON } from '@whiskeysockets/baileys';

const keptAlone = 16;
/** As many as Baileys keeps itself. */
const keptKeys = 2_000;
type MessageKey = { iteration: number };
type State = { senderMessageKeys?: MessageKey[] };

/** @param record the JSON of a sender key record, as `SenderKeyRecord.serialize` of Baileys makes it. */
export function compactSenderKey(record: Uint8Array): Uint8Array {
	const states: unknown = JSON.parse(Buffer.from(record).toString('utf8'));
	if (!Array.isArray(states)) return record;
	const compact = states.map((state: State) => ({
		...state,
		senderMessageKeys: keep(state.senderMessageKeys ?? []),
	}));
	return Buffer.from(JSON.stringify(compact, BufferJSON.replacer));
}

/** Those in a row, and the newest of those that stand alone. */
function keep(keys: readonly MessageKey[]): MessageKey[] {
	const iterations = new Set(keys.map(({ iteration }) => iteration));
	const newest = keys.length - keptAlone;
	return keys
		.filter(
			({ iteration }, index) =>
				index >= newest || iterations.has(iteration - 1) || iterations.has(iteration + 1),
		)
		.slice(-keptKeys);
}
