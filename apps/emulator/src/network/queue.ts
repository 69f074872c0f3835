import { decodeStanza } from '../binary/decode.ts';
import { encodeStanza } from '../binary/encode.ts';
import { children, type Stanza, withAttrs } from '../binary/node.ts';
import type { Device, Queued } from './state.ts';

/**
 * What a device has still to confirm.
 *
 * Every message, notification and receipt for a device is put here before it is written to a socket, and stays until the
 * device answers: a message with a `<receipt>` (it was processed) or with an `<ack>` (it was refused, for good); a
 * notification or a receipt with an `<ack>`. A retry receipt confirms nothing, the ack after it does.
 * Whatever is left when the device logs in again is sent again, in the old order, marked `offline`. So a client that dies at
 * any point sees each stanza at least once, and possibly twice.
 */
export function enqueue(device: Device, stanza: Stanza): void {
	const { tag, attrs } = stanza;
	if (tag !== 'message' && tag !== 'notification' && tag !== 'receipt') {
		throw new TypeError(`<${tag}> is never queued.`);
	}
	device.queue.push({
		tag,
		id: attrs.id ?? '',
		from: attrs.from ?? '',
		...(attrs.participant === undefined ? {} : { participant: attrs.participant }),
		...(attrs.type === undefined ? {} : { type: attrs.type }),
		stanza: encodeStanza(stanza).toString('base64'),
	});
}

/** The queue as it is sent at login. */
export function redelivery(device: Device): Stanza[] {
	return device.queue.map((queued, index) =>
		withAttrs(decodeStanza(Buffer.from(queued.stanza, 'base64')), { offline: String(index + 1) }),
	);
}

/** Takes out what an `<ack>` of the client confirms: exactly one stanza. */
export function acknowledge(device: Device, ack: Stanza): boolean {
	const { id, to, participant, type } = ack.attrs;
	const index = device.queue.findIndex(
		(queued) =>
			queued.tag === ack.attrs.class &&
			queued.id === id &&
			queued.from === to &&
			queued.participant === participant &&
			(queued.tag !== 'receipt' || queued.type === type),
	);
	return removeAt(device, index);
}

/** Takes out the messages that a delivery `<receipt>` of the client confirms; several at once when it carries a list. */
export function confirmMessages(device: Device, receipt: Stanza): void {
	for (const id of receiptIds(receipt)) {
		removeAt(
			device,
			device.queue.findIndex((queued) => confirms(receipt, queued, id)),
		);
	}
}

/** All message ids of a receipt: its own and those of its list. */
export function receiptIds(receipt: Stanza): string[] {
	const listed = children(receipt, 'list').flatMap((list) => children(list, 'item'));
	return [receipt, ...listed].flatMap((item) => (item.attrs.id ? [item.attrs.id] : []));
}

/**
 * Group messages are known by group, author and id. In a direct chat the receipt may name the chat, the author's device or
 * the other namespace, so there the id has to be enough.
 */
function confirms(receipt: Stanza, queued: Queued, id: string): boolean {
	if (queued.tag !== 'message' || queued.id !== id) return false;
	const group = queued.from.endsWith('@g.us') ? queued.from : undefined;
	if (group === undefined) return !(receipt.attrs.to ?? '').endsWith('@g.us');
	return receipt.attrs.to === group && receipt.attrs.participant === queued.participant;
}

function removeAt(device: Device, index: number): boolean {
	if (index < 0) return false;
	device.queue.splice(index, 1);
	return true;
}
