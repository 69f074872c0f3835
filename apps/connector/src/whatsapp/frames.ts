import type { Logger } from '@chat-manager/service';
import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Capture } from './capturing-repository.ts';
import type { GroupMemory } from './engine.ts';
import { readChangedGroup } from './group-change.ts';
import { readGroupNotice } from './group-notice.ts';
import { readGroupReceipts } from './read-receipt.ts';
import { readSentSigns } from './read-sent-signs.ts';
import { readUnavailable, type StanzaIndex } from './stanza.ts';

/**
 * Reads every stanza of a device that is linked before Baileys does: what it came in, what WhatsApp acknowledges, what happened
 * in groups. Notices are captured in the order of their arrival; a failure has closed the socket, and is made good by
 * comparing the members after the next connection.
 */
export function createFrameReader(options: {
	stanzas: StanzaIndex;
	acknowledgements: Acknowledgements;
	capture: Capture;
	groupMemory: GroupMemory;
	onCaughtUp(): void;
	logger: Logger;
}): (node: BinaryNode) => void {
	const { stanzas, acknowledgements, capture, groupMemory, onCaughtUp, logger } = options;
	let last: Promise<void> = Promise.resolve();

	function inOrder(work: () => Promise<void> | void): void {
		last = last.then(work).catch((err: unknown) => logger.warn({ err }, 'a notice was lost'));
	}

	return (node) => {
		stanzas.add(node);
		const isAwaited = acknowledgements.add(node);
		const notice = readGroupNotice(node);
		const changed = readChangedGroup(node);
		if (changed !== undefined) groupMemory.noteChange(changed, notice);
		if (notice !== undefined && capture.isNoticed(notice)) inOrder(() => capture.captureNotice(notice));
		const receipts = readGroupReceipts(node);
		if (receipts.length > 0) capture.noteReceipts(receipts);
		// An acknowledgement that is awaited is told to whoever waits; a late one is a sign like others.
		const signs = isAwaited ? [] : readSentSigns(node);
		if (signs.length > 0) capture.noteSigns(signs);
		const unavailable = readUnavailable(node);
		if (unavailable !== undefined && capture.isCaptured(unavailable.chatJid))
			inOrder(() => capture.capturePlaceholder(unavailable));
		if (node.tag === 'ib' && getBinaryNodeChild(node, 'offline') !== undefined) inOrder(onCaughtUp);
	};
}
