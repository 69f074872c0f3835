import { groupJid, isGroupJid, isLidJid, lidJid, parseJid, pnJid } from '../binary/jid.ts';
import { attr, node, type Stanza } from '../binary/node.ts';
import {
	accountOf,
	deviceOf,
	type Endpoint,
	endpointOf,
	endpointsOf,
	lidOf,
	pnOf,
} from '../network/accounts.ts';
import { addressIn } from '../network/addressing.ts';
import { type Context, seconds } from '../network/context.ts';
import { memberOf } from '../network/groups.ts';
import { confirmMessages } from '../network/queue.ts';
import type { Account, Group } from '../network/state.ts';

/** The receipts that say "processed"; with them a message leaves the queue. Reading happens later, a retry is no receipt. */
const CONFIRMING = new Set([undefined, '', 'inactive', 'sender', 'peer_msg', 'hist_sync']);
/** Receipts between the devices of one account: nobody else's business. */
const PRIVATE = new Set(['sender', 'peer_msg', 'hist_sync', 'read-self']);

/** A receipt from a client: settles its own queue, then goes on to the author. */
export function receiveReceipt(ctx: Context, from: Endpoint, receipt: Stanza): void {
	const device = deviceOf(from.account, from.deviceId);
	if (device && CONFIRMING.has(receipt.attrs.type)) {
		confirmMessages(device, receipt);
		ctx.changed();
	}
	relayReceipt(ctx, from, receipt);
}

/**
 * Passes a receipt on to the author of the message. A retry receipt is for exactly the device that encrypted the message;
 * the others are for all devices of the author.
 */
export function relayReceipt(ctx: Context, from: Endpoint, receipt: Stanza): void {
	const { type } = receipt.attrs;
	if (type !== undefined && PRIVATE.has(type)) return;
	const to = attr(receipt, 'to');
	if (isGroupJid(to)) relayInGroup(ctx, from, receipt, to);
	else relayDirectly(ctx, from, receipt, to);
}

function relayInGroup(ctx: Context, from: Endpoint, receipt: Stanza, groupAddress: string): void {
	const { participant = '' } = receipt.attrs;
	const author = accountOf(ctx.network, participant);
	const group = ctx.network.groups.get(parseJid(groupAddress)?.user ?? '');
	if (!author || !group || !memberOf(group, from.account)) return;
	const copy = node(
		'receipt',
		{ ...common(ctx, receipt), from: groupAddress, participant: addressIn(group, from).jid },
		receipt.content,
	);
	for (const endpoint of audience(ctx, author, receipt, participant)) {
		ctx.post.deliver(endpoint, copy);
	}
}

/** The receipt of a simulated phone for a message of another one. There are many of them, so nothing is looked up twice. */
export function confirmInGroup(
	ctx: Context,
	reader: Endpoint,
	group: Group,
	author: Account,
	id: string,
): void {
	const participant = group.addressing === 'lid' ? lidOf(reader) : pnOf(reader);
	const receipt = node('receipt', { id, t: seconds(ctx.nowMs()), from: groupJid(group.id), participant });
	for (const endpoint of endpointsOf(author)) ctx.post.deliver(endpoint, receipt);
}

function relayDirectly(ctx: Context, from: Endpoint, receipt: Stanza, to: string): void {
	const author = accountOf(ctx.network, to);
	if (!author) return;
	const retry = receipt.attrs.type === 'retry';
	const jid = isLidJid(to)
		? retry
			? lidOf(from)
			: lidJid(from.account.lid)
		: retry
			? pnOf(from)
			: pnJid(from.account.phone);
	const recipient = retry ? receipt.attrs.recipient : undefined;
	const copy = node('receipt', { ...common(ctx, receipt), from: jid, recipient }, receipt.content);
	for (const endpoint of audience(ctx, author, receipt, to)) ctx.post.deliver(endpoint, copy);
}

function audience(ctx: Context, author: Account, receipt: Stanza, address: string): Endpoint[] {
	if (receipt.attrs.type === 'retry') {
		const exact = endpointOf(ctx.network, address);
		return exact ? [exact] : [];
	}
	return endpointsOf(author);
}

function common(ctx: Context, receipt: Stanza): Record<string, string | undefined> {
	return { id: attr(receipt, 'id'), type: receipt.attrs.type, t: seconds(ctx.nowMs()) };
}
