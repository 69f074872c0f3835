import type { BusEvent } from '@chat-manager/bus';
import type { Logger } from '@chat-manager/service';
import { ZodError } from 'zod';
import type { Publish } from '../context.ts';

/** Below what NATS takes in one message (1 MB), with room for its head. */
const maxBytes = 900_000;

/**
 * Publishes what was captured. An event that does not fit its schema, or is too large for the bus, is our mistake: trying it
 * again would close the socket, WhatsApp would deliver the message again, and so on without end. It is published without
 * what it says and who said it by name; if even that does not fit, it is logged and let go.
 */
export function createReducingPublish(publish: Publish, logger: Logger): (event: BusEvent) => Promise<void> {
	async function attempt(event: BusEvent): Promise<boolean> {
		try {
			if (Buffer.byteLength(JSON.stringify(event)) > maxBytes) return false;
			await publish(event);
			return true;
		} catch (error) {
			if (!(error instanceof ZodError)) throw error;
			logger.error({ err: error, event: event.id, type: event.type }, 'an event does not fit its schema');
			return false;
		}
	}

	return async (event) => {
		if (await attempt(event)) return;
		const isPublished = await attempt(reduced(event));
		logger.error({ event: event.id, type: event.type, isPublished }, 'an event was reduced');
	};
}

function reduced(event: BusEvent): BusEvent {
	switch (event.type) {
		case 'message.received':
		case 'message.sent': {
			const kind = event.data.kind === 'undecryptable' ? ('undecryptable' as const) : ('other' as const);
			return { ...event, data: { ...event.data, sender: unnamed(event.data.sender), kind, content: null } };
		}
		case 'message.edited':
		case 'message.reaction':
		case 'message.voted':
			return {
				...event,
				data: { ...event.data, sender: unnamed(event.data.sender), content: null },
			} as BusEvent;
		default:
			return event;
	}
}

function unnamed<S extends { name: string | null; phone: string | null }>(sender: S): S {
	return { ...sender, name: null, phone: null };
}
