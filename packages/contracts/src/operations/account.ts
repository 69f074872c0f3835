import { z } from 'zod';
import { Cursor, Instant, SubjectToken } from '../ids.ts';
import { operation } from '../operation.ts';

const at = '2026-11-22T09:00:00.000Z';

/** One thing that is kept, as JSON: a line of the file of its kind. */
const ExportRecord = z.record(z.string(), z.unknown());
type ExportRecord = z.infer<typeof ExportRecord>;

const exportOutput = z.object({
	records: z.array(ExportRecord),
	nextCursor: Cursor.nullable(),
	/** How many there are of this kind; only with the first page. */
	total: z.number().int().nonnegative().nullable(),
});

/** What a service keeps of the person who asks, kind by kind, for the download of all their data. */
function exportOperation<const Kinds extends readonly [string, ...string[]]>(spec: {
	summary: string;
	kinds: Kinds;
	example: { kind: Kinds[number]; record: ExportRecord };
}) {
	const input = z.strictObject({ kind: z.enum(spec.kinds), cursor: Cursor.optional() });
	return operation({
		summary: spec.summary,
		scope: 'account:write',
		input,
		output: exportOutput,
		example: {
			input: { kind: spec.example.kind } as z.input<typeof input>,
			output: { records: [spec.example.record], nextCursor: null, total: 1 },
		},
		errors: [],
		timeoutMs: 30_000,
		idempotent: true,
	});
}

const Session = z.object({
	id: SubjectToken,
	createdAt: Instant,
	lastSeenAt: Instant,
	address: z.string().nullable(),
	userAgent: z.string().nullable(),
});

/** Answered by the gateway itself. */
export const ownAccount = {
	exportOwn: exportOperation({
		summary: 'Export who you are here: profile, sessions, passkeys, access tokens, and what your tokens did.',
		kinds: ['profile', 'sessions', 'passkeys', 'tokens', 'audit'],
		example: { kind: 'profile', record: { name: 'Ana', email: 'ana@example.com', createdAt: at } },
	}),
	sessions: operation({
		summary: 'List where you are signed in, the newest first.',
		scope: 'account:write',
		input: z.strictObject({}),
		output: z.object({ sessions: z.array(Session) }),
		example: {
			input: {},
			output: {
				sessions: [
					{ id: 'ses_1', createdAt: at, lastSeenAt: at, address: '203.0.113.7', userAgent: 'Firefox' },
				],
			},
		},
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
	}),
	endSession: operation({
		summary: 'Sign out somewhere else; it does nothing for a session that has ended.',
		scope: 'account:write',
		input: z.strictObject({ id: SubjectToken }),
		output: z.object({ id: SubjectToken, ended: z.literal(true) }),
		example: { input: { id: 'ses_1' }, output: { id: 'ses_1', ended: true } },
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
	}),
};

/** Answered by any connector. */
export const deviceAccount = {
	exportDevice: exportOperation({
		summary: 'Export what is kept of your device: its state, and which hidden ids have which phone number.',
		kinds: ['device', 'phone_numbers'],
		example: { kind: 'device', record: { network: 'whatsapp', phone: '+15551234567', state: 'connected' } },
	}),
};

/** Answered by storage. */
export const recordedAccount = {
	exportRecord: exportOperation({
		summary: 'Export the record of your groups: settings, groups, members, membership changes, messages.',
		kinds: ['settings', 'groups', 'members', 'membership_changes', 'messages'],
		example: {
			kind: 'groups',
			record: { jid: '120363025246125486@g.us', name: 'Neighbours', starred: true },
		},
	}),
	deleteMessages: operation({
		summary: 'Delete every stored message of your groups, for good; counts and members stay.',
		scope: 'account:write',
		input: z.strictObject({}),
		output: z.object({ deleted: z.number().int().nonnegative() }),
		example: { input: {}, output: { deleted: 4_200 } },
		errors: [],
		timeoutMs: 60_000,
		idempotent: true,
	}),
};

/** Answered by the webhook dispatcher. */
export const webhookAccount = {
	exportWebhooks: exportOperation({
		summary: 'Export your webhooks without their secrets, and what was delivered to them.',
		kinds: ['webhooks', 'deliveries'],
		example: {
			kind: 'webhooks',
			record: { id: 'whk_1', name: 'Support desk', url: 'https://example.com/hook' },
		},
	}),
};
