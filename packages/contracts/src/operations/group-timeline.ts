import { z } from 'zod';
import { GroupJid } from '../ids.ts';
import { operation } from '../operation.ts';
import { Coverage } from './shapes.ts';

const jid = '120363025246125486@g.us';
const count = z.number().int().nonnegative();

/** A name of the IANA database, as browsers give it. */
const TimeZone = z
	.string()
	.max(64)
	// Offsets such as +05:30 are read the other way round by Postgres.
	.regex(/^[A-Za-z]/, 'must be a time zone such as Europe/Madrid')
	.refine(isTimeZone, 'must be a time zone such as Europe/Madrid')
	.meta({ description: 'In which days begin and end' });

const Day = z.object({
	day: z.iso.date(),
	messages: count.nullable().meta({ description: 'Stored messages; null before anything was captured' }),
	joined: count.nullable(),
	left: count.nullable(),
	partial: z.boolean().meta({ description: 'Whether messages of that day may be missing' }),
});

/** How a starred group has lived, day by day. For people: agents count what they read. */
export const timeline = operation({
	summary: 'Messages, and who joined and left, for each of the last days of a starred group.',
	scope: 'groups:read',
	input: z.strictObject({
		jid: GroupJid,
		timeZone: TimeZone.default('UTC'),
		days: z.number().int().min(1).max(366).default(30).meta({ description: 'How many days, today included' }),
	}),
	output: z.object({ days: z.array(Day), coverage: Coverage }),
	example: {
		input: { jid, timeZone: 'Europe/Madrid', days: 1 },
		output: {
			days: [{ day: '2026-11-22', messages: 42, joined: 2, left: 0, partial: false }],
			coverage: { capturedFrom: '2026-11-22T09:00:00.000Z', storing: true, gaps: [] },
		},
	},
	errors: ['group_not_starred'],
	timeoutMs: 10_000,
	idempotent: true,
});

function isTimeZone(name: string): boolean {
	try {
		return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}
