import { createLogger, createManualClock } from '@chat-manager/service';
import { expect, it } from 'vitest';
import { beatMs, createLiveStream, gatherMs } from '../src/live/live-stream.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const group = (number: number) => `${120_363_000_000_000_000n + BigInt(number)}@g.us`;

function open() {
	const clock = createManualClock();
	const written: string[] = [];
	const state = { isFull: false, isClosed: false, hasSession: true, resume: () => {} };
	const stream = createLiveStream({
		userId: 'u1',
		clock,
		logger,
		hasSession: async () => state.hasSession,
		outlet: {
			write(text) {
				written.push(text);
				return !state.isFull;
			},
			onDrain(resume) {
				state.resume = resume;
			},
			close() {
				state.isClosed = true;
			},
		},
	});
	return { clock, written, state, stream };
}

it('gathers changes for a moment, and names no more groups than fit', () => {
	const { clock, written, stream } = open();
	stream.start();
	for (let index = 0; index < 1_000; index++) stream.hear({ topic: 'messages', groupJid: group(index % 3) });
	expect(written).toHaveLength(1);
	clock.advance(gatherMs);
	expect(JSON.parse(written[1]?.split('data: ')[1] ?? '')).toHaveLength(3);
	for (let index = 0; index < 1_000; index++) stream.hear({ topic: 'messages', groupJid: group(index) });
	clock.advance(gatherMs);
	expect(written[2]).toBe('event: changes\ndata: [{"topic":"messages"}]\n\n');
});

it('keeps what waits for a page that takes nothing, and no more than that', () => {
	const { clock, written, state, stream } = open();
	state.isFull = true;
	stream.start();
	for (let index = 0; index < 1_000; index++) {
		stream.hear({ topic: 'groups', groupJid: group(index) });
		clock.advance(gatherMs);
	}
	clock.advance(beatMs * 3);
	expect(written).toEqual(['event: ready\ndata: {}\n\n']);
	state.isFull = false;
	state.resume();
	clock.advance(gatherMs);
	expect(written).toEqual(['event: ready\ndata: {}\n\n', 'event: changes\ndata: [{"topic":"groups"}]\n\n']);
});

it('beats, looks at the session each time, and ends with it', async () => {
	const { clock, written, state, stream } = open();
	stream.start();
	clock.advance(beatMs);
	expect(written.at(-1)).toBe('event: beat\ndata: {}\n\n');
	state.hasSession = false;
	clock.advance(beatMs);
	await expect.poll(() => state.isClosed).toBe(true);
	expect(written.at(-1)).toBe('event: ended\ndata: {}\n\n');
	expect(clock.pending()).toBe(0);
});
