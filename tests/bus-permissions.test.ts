import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus, ensureEventStream, subscriberPermissions } from '@chat-manager/bus';
import {
	addressedByUser,
	changeSubject,
	entries,
	eventSpec,
	eventSubject,
	eventTypes,
	operationSubject,
	type Program,
	programs,
	servedBy,
	signalSubject,
} from '@chat-manager/contracts';
import { type EmbeddedNats, programUsers, startNats } from '@chat-manager/embedded';
import { afterAll, beforeAll, expect, it } from 'vitest';

/**
 * Every subject that the contract, the stream and the buckets have, tried by every program on a real server that runs with the
 * permissions which operators are given. Who may is said here once more, in other words than those that they are made with.
 */
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const admin = { user: 'test', password: 'test' };
const desk = { user: 'desk', password: 'desk', permissions: subscriberPermissions('desk', 'member.joined') };
const durableOf: Partial<Record<Program, string>> = {
	gateway: 'gateway',
	connector: 'connectors',
	storage: 'storage',
	webhooks: 'webhooks',
};

const cleanup = new AsyncDisposableStack();
let nats: EmbeddedNats;
let all: Bus;
beforeAll(async () => {
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-permissions-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const users = [admin, desk, ...(await programUsers((program) => program))];
	nats = cleanup.use(await startNats({ dataDir, auth: { users }, logger: silent }));
	all = cleanup.use(await connectBus({ url: nats.url, ...admin, service: 'test', log: silent }));
	await ensureEventStream(all);
});
afterAll(() => cleanup.disposeAsync());

type Try = { subject: string; may: (program: Program) => boolean };
/** The client's own patience is a second, which a busy machine takes for itself. */
const patient = { timeout: 20_000 };

const operations = entries.map(({ service, domain, verb, operation }) => ({
	subject: operationSubject(service, domain, verb, service === addressedByUser ? 'u1' : undefined),
	mayAsk: (program: Program) =>
		operation.kind === 'internal'
			? operation.callers.includes(program)
			: program === 'gateway' && service !== 'gateway',
	mayAnswer: (program: Program) => servedBy[service] === program && program !== 'gateway',
}));
const published = eventTypes.map((type) => ({
	subject: eventSubject('u1', type),
	may: (program: Program) => [eventSpec(type).publisher].flat().includes(program),
}));
/** Everybody tells what changed; the gateway alone shows it. */
const change = changeSubject('u1', 'groups');
const signals = Object.entries(servedBy).map(([service, owner]) => ({
	subject: signalSubject(service, 'anything'),
	may: (program: Program) => owner === program,
}));
const nobody = () => false;
/** Refusals come in the order of what was tried: once this one is there, no other is on its way. */
const witness: Try = { subject: 'the.last', may: nobody };
const jetStream: Try[] = [
	{ subject: '$JS.API.STREAM.INFO.EVENTS', may: () => true },
	{ subject: '$JS.API.STREAM.CREATE.EVENTS', may: () => true },
	{ subject: '$JS.API.STREAM.UPDATE.EVENTS', may: (program) => program === 'connector' },
	{ subject: '$JS.API.STREAM.PURGE.EVENTS', may: (program) => program === 'gateway' },
	...['STREAM.DELETE', 'STREAM.MSG.GET', 'STREAM.MSG.DELETE', 'DIRECT.GET'].map((verb) => ({
		subject: `$JS.API.${verb}.EVENTS`,
		may: nobody,
	})),
	{ subject: '$JS.API.INFO', may: nobody },
	{ subject: '$JS.API.STREAM.CREATE.OTHER', may: nobody },
	...programs.flatMap((owner) => {
		const durable = durableOf[owner] ?? `${owner}-none`;
		const subjects = ['INFO', 'DURABLE.CREATE', 'MSG.NEXT'].map(
			(verb) => `$JS.API.CONSUMER.${verb}.EVENTS.${durable}`,
		);
		return [...subjects, `$JS.ACK.EVENTS.${durable}.1.2.3.4.5`].map((subject) => ({
			subject,
			may: (program: Program) => program === owner && owner in durableOf,
		}));
	}),
	...['DELETE', 'PAUSE', 'CREATE'].map((verb) => ({
		subject: `$JS.API.CONSUMER.${verb}.EVENTS.storage`,
		may: nobody,
	})),
	{ subject: '$JS.API.CONSUMER.CREATE.EVENTS', may: nobody },
	{ subject: '$JS.API.CONSUMER.DURABLE.CREATE.EVENTS.desk', may: nobody },
	{ subject: '$KV.CONNECTORS.connector-1', may: (program) => program === 'connector' },
	{ subject: '$KV.OTHER.key', may: nobody },
	{ subject: 'anything.else', may: nobody },
	...programs.map((program) => ({ subject: `_INBOX_${program}.x.y`, may: nobody })),
];

it.each(programs)('%s may publish what it needs and nothing else', async (program) => {
	const refused = new Set<string>();
	await using bus = await connectAs(program, program, (subject) => refused.add(subject));
	const tries = [
		...operations.map(({ subject, mayAsk }) => ({ subject, may: mayAsk })),
		...published,
		...signals,
		{ subject: change, may: () => true },
		...jetStream,
		witness,
	];
	for (const { subject } of tries) bus.nats.publish(subject);
	await bus.nats.flush();
	const expected = new Set(tries.filter(({ may }) => !may(program)).map(({ subject }) => subject));
	await expect.poll(() => refused).toEqual(expected);
	expect(expected.size).toBeGreaterThan(tries.length / 3);
});

it.each(programs)('%s may hear what it needs and nothing else', async (program) => {
	const refused = new Set<string>();
	await using bus = await connectAs(program, program, (subject) => refused.add(subject));
	const tries = [
		...operations.map(({ subject, mayAnswer }) => ({ subject, may: mayAnswer })),
		...published.map(({ subject }) => ({ subject, may: nobody })),
		...signals,
		{ subject: change, may: (one: Program) => one === 'gateway' },
		...['>', '*', 'cm.>', 'cm.v1.rpc.>', 'cm.v1.event.>', '$JS.>', '$KV.>', '$SYS.>', '_INBOX.>'].map(
			(subject) => ({
				subject,
				may: nobody,
			}),
		),
		...programs.map((owner) => ({ subject: `_INBOX_${owner}.x`, may: (one: Program) => one === owner })),
		witness,
	];
	for (const { subject } of tries) bus.nats.subscribe(subject, { callback: () => {} });
	await bus.nats.flush();
	const expected = new Set(tries.filter(({ may }) => !may(program)).map(({ subject }) => subject));
	await expect.poll(() => refused).toEqual(expected);
});

it('a program answers who asked it, once, and cannot write into the inbox of anybody else', async () => {
	const refused = new Set<string>();
	await using storage = await connectAs('storage', 'storage', (subject) => refused.add(subject));
	await using gateway = await connectAs('gateway', 'gateway', () => {});
	storage.nats.subscribe('cm.v1.rpc.storage.>', {
		callback(_error, message) {
			message.respond('first');
			message.respond('second');
		},
	});
	await storage.nats.flush();
	const answer = await gateway.nats.request('cm.v1.rpc.storage.groups.listStarred', '', patient);
	expect(answer.string()).toBe('first');
	await expect.poll(() => refused.size).toBe(1);
	expect([...refused]).toEqual([expect.stringMatching(/^_INBOX_gateway\./)]);
});

it('a subscriber to one kind of event can make its consumer for that kind only', async () => {
	const refused = new Set<string>();
	await using bus = await connectAs('desk', 'desk', (subject) => refused.add(subject));
	const create = async (subject: string, config: object) => {
		const body = JSON.stringify({
			stream_name: 'EVENTS',
			config: { durable_name: 'desk', name: 'desk', ack_policy: 'explicit', ...config },
		});
		const reply = await bus.nats.request(`$JS.API.CONSUMER.CREATE.EVENTS.${subject}`, body, patient);
		return reply.json<{ error?: { description: string }; config?: object }>();
	};
	const own = 'desk.cm.v1.event.*.member.joined';
	for (const filter of [
		{},
		{ filter_subject: 'cm.v1.event.>' },
		{ filter_subject: 'cm.v1.event.*.message.received' },
		{ filter_subjects: ['cm.v1.event.*.member.joined', 'cm.v1.event.*.message.received'] },
		{ name: 'storage', durable_name: 'storage', filter_subject: 'cm.v1.event.*.member.joined' },
	]) {
		expect((await create(own, filter)).error).toBeDefined();
	}
	expect((await create(own, { filter_subject: 'cm.v1.event.*.member.joined' })).error).toBeUndefined();
	for (const subject of [
		...eventTypes.filter((type) => type !== 'member.joined').map((type) => `desk.cm.v1.event.*.${type}`),
		'desk',
		'desk.cm.v1.event.>',
		'other.cm.v1.event.*.member.joined',
	]) {
		bus.nats.publish(`$JS.API.CONSUMER.CREATE.EVENTS.${subject}`);
		await expect.poll(() => refused).toContain(`$JS.API.CONSUMER.CREATE.EVENTS.${subject}`);
	}
	refused.clear();
	const tries = [
		...operations.map(({ subject }) => subject),
		...published.map(({ subject }) => subject),
		...jetStream.map(({ subject }) => subject),
		witness.subject,
	];
	for (const subject of tries) bus.nats.publish(subject);
	await bus.nats.flush();
	await expect.poll(() => refused).toEqual(new Set(tries));
});

/** Connects with the user's own inbox and tells of every subject that the server refused. */
function connectAs(service: string, user: string, onRefused: (subject: string) => void): Promise<Bus> {
	const error = (fields: object) => {
		if ('subject' in fields) onRefused(String(fields.subject));
	};
	return connectBus({ url: nats.url, user, password: user, service, log: { ...silent, error } });
}
