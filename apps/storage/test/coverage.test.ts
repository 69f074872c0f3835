import type { Message } from '@chat-manager/contracts';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { coverageOf } from '../src/handlers/coverage.ts';
import { ana, moment } from './support/events.ts';

/** A page from its newest message on: `?` for a placeholder, and when it was sent. */
function page(...messages: [kind: '?' | 'text', second: number][]): z.input<typeof Message>[] {
	return messages.map(([kind, second]) => ({
		id: `M${second}`,
		sender: { ...ana, isYou: false },
		sentAt: moment(second),
		kind: kind === '?' ? 'undecryptable' : 'text',
		text: null,
		replyTo: null,
		edited: false,
		deleted: false,
		reactions: [],
		media: null,
	}));
}

type Fact = [kind: 'connected' | 'away' | 'ended', second: number];
const day = 86_400;

function gaps(pauses: [from: number, to: number | null][], ...messages: Parameters<typeof page>) {
	return gapsOf(pauses, [], ...messages);
}

function gapsOf(
	pauses: [from: number, to: number | null][],
	facts: Fact[],
	...messages: Parameters<typeof page>
) {
	const spans = pauses.map(([from, to]) => ({ from: moment(from), to: to === null ? null : moment(to) }));
	const record = {
		captured_from: new Date(moment(0)),
		storing: true,
		pauses: spans,
		device: facts.map(([kind, at]) => ({ kind, at: moment(at) })),
	};
	return coverageOf(record, page(...messages)).gaps.map(({ from, to, reason }) => [
		(Date.parse(from) - Date.parse(moment(0))) / 1_000,
		to === null ? null : (Date.parse(to) - Date.parse(moment(0))) / 1_000,
		reason,
	]);
}

it('of a record without holes has no gaps', () => {
	expect(gaps([], ['text', 5], ['text', 4])).toEqual([]);
	expect(gaps([])).toEqual([]);
});

it('begins where the record begins', () => {
	expect(gaps([[-50, 10]])).toEqual([[0, 10, 'storage_off']]);
});

it('makes one gap of pauses that overlap, and keeps others apart, the newest first', () => {
	expect(
		gaps([
			[10, 20],
			[15, 18],
			[20, 30],
			[40, null],
		]),
	).toEqual([
		[40, null, 'storage_off'],
		[10, 30, 'storage_off'],
	]);
});

it('makes one gap of placeholders that follow one another', () => {
	expect(gaps([], ['?', 9], ['?', 8], ['text', 7], ['?', 6], ['text', 5])).toEqual([
		[8, 9, 'undecryptable'],
		[6, 6, 'undecryptable'],
	]);
});

it('says once that nothing is known of a time', () => {
	expect(gaps([[10, 20]], ['?', 25], ['text', 22], ['?', 15], ['?', 12])).toEqual([
		[25, 25, 'undecryptable'],
		[10, 20, 'storage_off'],
	]);
	expect(gaps([[10, null]], ['?', 15])).toEqual([[10, null, 'storage_off']]);
});

it('tells of the device being away as long as it is, since what was written meanwhile can still come', () => {
	expect(
		gapsOf(
			[],
			[
				['connected', 1],
				['away', 50],
			],
		),
	).toEqual([[50, null, 'device_offline']]);
	expect(
		gapsOf(
			[],
			[
				['away', 50],
				['connected', 90],
				['away', 95],
				['connected', 99],
			],
		),
	).toEqual([]);
});

it('keeps a gap that was longer than the queue of WhatsApp', () => {
	expect(
		gapsOf(
			[],
			[
				['away', 50],
				['connected', 50 + 15 * day],
			],
		),
	).toEqual([[50, 50 + 15 * day, 'device_offline']]);
});

it('keeps the gap of a link that ended, from when the device was last there until it is linked anew', () => {
	expect(
		gapsOf(
			[],
			[
				['connected', 1],
				['away', 50],
				['ended', 60],
			],
			['?', 55],
		),
	).toEqual([[50, null, 'device_unlinked']]);
	expect(
		gapsOf(
			[[70, 80]],
			[
				['ended', 60],
				['connected', 65],
			],
			['text', 66],
		),
	).toEqual([
		[70, 80, 'storage_off'],
		[60, 65, 'device_unlinked'],
	]);
	expect(
		gapsOf(
			[],
			[
				['ended', -60],
				['connected', -5],
			],
		),
	).toEqual([]);
	expect(
		gapsOf(
			[],
			[
				['ended', -60],
				['connected', 5],
			],
		),
	).toEqual([[0, 5, 'device_unlinked']]);
});
