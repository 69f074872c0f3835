/**
 * Copies of what stands in the stream of events and is not handled by everybody yet, for backups.
 *
 * Consumers acknowledge after their commit. So whatever all of them had acknowledged before a snapshot of the databases began
 * is in that snapshot; what comes after that place in the stream, up to its end once the snapshot has begun, may not be, and
 * is copied. Restored, some of it is handled a second time, which every consumer recognises.
 */
import { ErrorCode, headers, NatsError } from 'nats';
import { z } from 'zod';
import type { Bus } from './connection.ts';
import { eventStream, eventStreamConfig } from './events.ts';

export const EventCopy = z.object({
	subject: z.string(),
	headers: z.record(z.string(), z.string()),
	data: z.base64(),
});
export type EventCopy = z.infer<typeof EventCopy>;

const atOnce = 100;

/** The place in the stream up to which every consumer has handled what it takes. Asked for before the databases are looked at. */
export async function findHandledUpTo(bus: Bus): Promise<number> {
	const manager = await bus.jetStream.jetstreamManager();
	// Before the consumers: what comes in meanwhile is not theirs yet.
	const last = await findLastEvent(bus);
	if (last === 0) return 0;
	const places = [last];
	for await (const consumer of manager.consumers.list(eventStream))
		if (consumer.num_pending + consumer.num_ack_pending > 0) places.push(consumer.ack_floor.stream_seq);
	return Math.min(...places);
}

/** The end of the stream; 0 where there is none. */
export async function findLastEvent(bus: Bus): Promise<number> {
	const { streams } = await bus.jetStream.jetstreamManager();
	try {
		return (await streams.info(eventStream)).state.last_seq;
	} catch (error) {
		if (isMissing(error)) return 0;
		throw error;
	}
}

/** What stands in the stream after one place, up to another and included. */
export async function* copyEvents(
	bus: Bus,
	{ after, last }: { after: number; last: number },
): AsyncGenerator<EventCopy> {
	const { streams } = await bus.jetStream.jetstreamManager();
	for (let first = after + 1; first <= last; first += atOnce) {
		const places = Array.from({ length: Math.min(atOnce, last - first + 1) }, (_, index) => first + index);
		for (const copy of await Promise.all(places.map(read))) if (copy !== undefined) yield copy;
	}

	async function read(seq: number): Promise<EventCopy | undefined> {
		try {
			const { subject, data, header } = await streams.getMessage(eventStream, { seq });
			const named = header === undefined ? [] : [...header].map(([name, values]) => [name, values[0] ?? '']);
			return { subject, headers: Object.fromEntries(named), data: Buffer.from(data).toString('base64') };
		} catch (error) {
			if (isMissing(error)) return undefined; // Of somebody who deleted their account, or past its time.
			throw error;
		}
	}
}

/** How many events stand in the stream. */
export async function countEvents(bus: Bus): Promise<number> {
	const { streams } = await bus.jetStream.jetstreamManager();
	try {
		return (await streams.info(eventStream)).state.messages;
	} catch (error) {
		if (isMissing(error)) return 0;
		throw error;
	}
}

/**
 * Makes the stream anew with copies in it, numbered from after `last`: what was handled has lower numbers, by which the record
 * knows what came later. Whatever stood in the stream is gone. How many there were.
 */
export async function restoreEvents(
	bus: Bus,
	{ last, copies }: { last: number; copies: AsyncIterable<EventCopy> },
): Promise<number> {
	const { streams } = await bus.jetStream.jetstreamManager();
	await streams.delete(eventStream).catch((error: unknown) => {
		if (!isMissing(error)) throw error;
	});
	await streams.add({ ...eventStreamConfig(bus), first_seq: last + 1 });
	let count = 0;
	for await (const { subject, headers: named, data } of copies) {
		const head = headers();
		for (const [name, value] of Object.entries(named)) head.set(name, value);
		await bus.jetStream.publish(subject, Buffer.from(data, 'base64'), { headers: head });
		count++;
	}
	return count;
}

function isMissing(error: unknown): boolean {
	return (
		error instanceof NatsError &&
		(error.code === ErrorCode.JetStream404NoMessages || error.api_error?.code === 404)
	);
}
