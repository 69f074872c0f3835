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
		/** Whether somebody waited for it. */
		add({ tag, attrs }: BinaryNode): boolean {
			if (tag !== 'ack' || attrs.class !== 'message' || attrs.id === undefined) return false;
			const settle = waiting.get(attrs.id);
			settle?.(
				attrs.error === undefined
					? { status: 'sent', at: readTime(attrs.t) }
					: { status: 'refused', code: attrs.error },
			);
			return settle !== undefined;
		},
		/** Must be called before the message is written: the answer can be faster than Baileys. */
		expect(messageId: string): Expected {
			const { promise, resolve } = Promise.withResolvers<Acknowledgement>();
			const settle = (outcome: Acknowledgement) => {
				waiting.delete(messageId);
				resolve(outcome);
			};
			waiting.set(messageId, settle);
			return {
				async within(timeoutMs) {
					const timer = setTimeout(() => settle({ status: 'unknown' }), timeoutMs);
					return promise.finally(() => clearTimeout(timer));
				},
				forget: () => settle({ status: 'unknown' }),
			};
		},
		/** The connection has ended: of what is not answered yet nothing will be known. */
		end(): void {
			for (const settle of [...waiting.values()]) settle({ status: 'unknown' });
		},
	};
}

export type Expected = {
	/** `unknown` when nothing was said in this time. */
	within(timeoutMs: number): Promise<Acknowledgement>;
	forget(): void;
};

export type Acknowledgements = ReturnType<typeof createAcknowledgements>;

function readTime(seconds: string | undefined): number | null {
	const at = Number(seconds) * 1000;
	return Number.isSafeInteger(at) && at > 0 ? at : null;
}
