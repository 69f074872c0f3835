import type { BinaryNode } from '@whiskeysockets/baileys';

/** `at`: WhatsApp's time for the message, milliseconds since the epoch in whole seconds, as for everybody's messages. */
export type Acknowledgement =
	| { status: 'sent'; at: number | null }
	| { status: 'unknown' }
	| { status: 'refused'; code: string };

/**
 * What WhatsApp says of a message that was sent. Baileys resolves a send when the frame is written; whether it was taken
 * is told later by an `<ack class="message">`, or, when the connection breaks, never.
 */
export function createAcknowledgements() {
	const waiting = new Map<string, (outcome: Acknowledgement) => void>();
	return {
		add({ tag, attrs }: BinaryNode): void {
			if (tag !== 'ack' || attrs.class !== 'message' || attrs.id === undefined) return;
			waiting.get(attrs.id)?.(
				attrs.error === undefined
					? { status: 'sent', at: readTime(attrs.t) }
					: { status: 'refused', code: attrs.error },
			);
		},
		/** Must be called before the message is written. Resolves with `unknown` after `timeoutMs`. */
		wait(messageId: string, timeoutMs: number): Promise<Acknowledgement> {
			return new Promise((resolve) => {
				const timer = setTimeout(() => settle({ status: 'unknown' }), timeoutMs);
				const settle = (outcome: Acknowledgement) => {
					clearTimeout(timer);
					waiting.delete(messageId);
					resolve(outcome);
				};
				waiting.set(messageId, settle);
			});
		},
		forget(messageId: string): void {
			waiting.get(messageId)?.({ status: 'unknown' });
		},
		end(): void {
			for (const settle of [...waiting.values()]) settle({ status: 'unknown' });
		},
	};
}

function readTime(seconds: string | undefined): number | null {
	const at = Number(seconds) * 1000;
	return Number.isSafeInteger(at) && at > 0 ? at : null;
}
