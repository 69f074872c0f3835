import { createRandom, isFull } from '@chat-manager/test-run';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { admin } from './support/connector-system.ts';
import { operationNames, startOperations } from './support/operations.ts';

/**
 * Every fault that the simulated network can produce, against every operation that asks WhatsApp something. Whatever happens, it
 * ends with an answer that fits the contract or with one of the errors that the contract names, in a sentence; what it
 * claims to have done is done, and what it claims not to have done is not. `npm test` draws some cases by lot, `npm run
 * test:full` runs all.
 */
const drawn = 24;
const drawnOfServer = 4;
const codes = [400, 401, 403, 404, 405, 406, 408, 409, 410, 419, 429, 463, 479, 500, 503];
const faults: object[] = [
	...codes.map((code) => ({ kind: 'error', code })),
	{ kind: 'silence', handled: false },
	{ kind: 'silence', handled: true },
	{ kind: 'delay', delayMs: 700 },
	...(['before', 'after'] as const).flatMap((moment) => [
		{ kind: 'drop', moment },
		...[401, 403, 440, 500, 503, 515].map((code) => ({ kind: 'stream-error', code, moment })),
	]),
];
/** Of the answer, which is known by its tag only. */
const answerFaults = [{ kind: 'duplicate' }, { kind: 'reorder' }, { kind: 'lose' }];
/** Of the whole server: one at a time. */
const serverFaults = [
	{ kind: 'restart', downMs: 300 },
	{ kind: 'freeze', forMs: 1_500 },
	{ kind: 'clock', offsetMs: 86_400_000, forMs: 5_000 },
	{ kind: 'clock', offsetMs: -86_400_000, forMs: 5_000 },
];

const all = operationNames.flatMap((name) =>
	[...faults, ...answerFaults].map((fault) => ({ name, fault, title: `${name}, ${JSON.stringify(fault)}` })),
);
const random = createRandom();
const pick = <T>(items: readonly T[], count: number): T[] =>
	isFull ? [...items] : random.shuffle(items).slice(0, count);
const cases = pick(all, drawn).map((one, index) => ({
	...one,
	phone: `15557${String(index).padStart(6, '0')}`,
}));
const onServer = pick(
	operationNames.flatMap((name) =>
		serverFaults.map((fault) => ({ name, fault, title: `${name}, ${JSON.stringify(fault)}` })),
	),
	drawnOfServer,
).map((one, index) => ({ ...one, phone: `15558${String(index).padStart(6, '0')}` }));

describe.concurrent('a fault', () => {
	let world: Awaited<ReturnType<typeof startOperations>>;
	beforeAll(async () => {
		world = await startOperations();
	});
	afterAll(() => world?.[Symbol.asyncDispose]());

	it.each(cases)(
		'$title',
		async ({ name, fault, phone }) => {
			await world.check(name, phone, (match) => {
				const isOfAnswer = answerFaults.includes(fault as never);
				const answer =
					'tag' in match && match.tag === 'message' ? { tag: 'ack' } : { tag: 'iq', type: 'result' };
				return world.acts.addFault({ ...fault, device: phone, match: isOfAnswer ? answer : match });
			});
		},
		90_000,
	);
});

describe('a fault of the whole network', () => {
	let world: Awaited<ReturnType<typeof startOperations>>;
	beforeAll(async () => {
		world = await startOperations();
	});
	afterAll(() => world?.[Symbol.asyncDispose]());

	it.each(onServer)(
		'$title',
		async ({ name, fault, phone }) => {
			let id = '';
			await world.check(name, phone, async () => {
				({ id } = await world.acts.addFault(fault));
			});
			await world.whenBack(() =>
				admin(world.net.system, `/admin/faults/${id}`, undefined, { method: 'DELETE' }).catch((error) => {
					// A restart has forgotten it.
					if (!String(error).includes('404')) throw error;
				}),
			);
		},
		90_000,
	);
});
