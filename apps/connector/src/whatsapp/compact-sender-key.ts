/**
 * Keeps sender keys small.
 *
 * Baileys' own group encryption uses every second iteration of its chain only. Each receiver, expecting the skipped
 * messages to arrive late, keeps a key for each of them, up to 2,000: the record of an author who uses Baileys grows by 167
 * bytes a message to 330 KB, and is parsed and written again with every message. Those messages never come. Of the skipped
 * keys the newest are kept, many more than messages of one group can be out of order; one that would still come later is
 * asked for again by a retry.
 */
const keptKeys = 16;
/** Records below this size cannot hold many; they are left as they are, unread. */
const smallBytes = 5 * 1024;

type State = { senderMessageKeys?: unknown[] };

/** @param record the JSON of a sender key record, as `SenderKeyRecord.serialize` of Baileys makes it. */
export function compactSenderKey(record: Uint8Array): Uint8Array {
	if (record.length < smallBytes) return record;
	const states: unknown = JSON.parse(Buffer.from(record).toString('utf8'));
	if (!Array.isArray(states)) return record;
	const compact = states.map((state: State) => ({
		...state,
		senderMessageKeys: (state.senderMessageKeys ?? []).slice(-keptKeys),
	}));
	return Buffer.from(JSON.stringify(compact));
}
