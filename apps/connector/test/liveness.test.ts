import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@chat-manager/bus';
import { type EmbeddedNats, startNats } from '@chat-manager/embedded';
import { createManualClock, type ManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { watchLiveness } from '../src/fleet/liveness.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** What is waited for comes by way of NATS, which may take longer than the second that is waited by default. */
const waiting = { timeout: 20_000, interval: 50 };
const cleanup = new AsyncDisposableStack();
let nats: EmbeddedNats;
let bus: Bus;

beforeAll(async () => {
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-liveness-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	nats = cleanup.use(await startNats({ dataDir, logger: silent }));
	bus = cleanup.use(await connectBus({ url: nats.url, service: 'connector', log: silent }));
});
afterAll(() => cleanup.disposeAsync());

type Seen = { fenced: number; twins: number };

/** A connector of its own on a clock that stands still until it is moved. */
async function joinAs(
	id: string,
	clock: ManualClock = createManualClock(),
	{ boot = `${id}-boot`, on = bus }: { boot?: string; on?: Bus } = {},
) {
	const seen: Seen = { fenced: 0, twins: 0 };
	const liveness = await watchLiveness({
		bus: on,
		clock,
		logger: silent as never,
		id,
		boot,
		room: 10,
		onChange() {},
		onFenced: () => seen.fenced++,
		onTwin: () => seen.twins++,
	});
	const stack = new AsyncDisposableStack();
	stack.use(liveness);
	return { liveness, clock, seen, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

it('calls another one dead six seconds after its last beat, and not before', async () => {
	await using one = await joinAs('one');
	const other = await joinAs('other');
	await vi.waitFor(() => expect(one.liveness.peers().map(({ id }) => id)).toEqual(['other']), waiting);
	await other.liveness.announce({ draining: true });
	await vi.waitFor(() => expect(one.liveness.peers()).toEqual([]), waiting);
	expect(one.liveness.alive()).toEqual(['one', 'other']);
	// Without a pause: a watch made anew meanwhile would hear that beat once more.
	one.clock.advance(5_999);
	expect(one.liveness.alive()).toEqual(['one', 'other']);
	one.clock.advance(1);
	expect(one.liveness.alive()).toEqual(['one']);
	await other[Symbol.asyncDispose]();
});

it('joins while the bucket has no leader yet, as soon as it has one', async () => {
	const refusal: unknown = await bus.nats.request('nobody.answers.this').catch((error: unknown) => error);
	/** How often each is refused. A put makes the bucket again, and tries once more by itself. */
	const left: Record<PropertyKey, number> = { watch: 2, put: 5 };
	const leaderless = (bucket: object) =>
		new Proxy(bucket, {
			get(target, name) {
				const method = Reflect.get(target, name);
				if (typeof method !== 'function') return method;
				return (...args: unknown[]) => {
					const count = left[name] ?? 0;
					left[name] = count - 1;
					return count > 0 ? Promise.reject(refusal) : method.apply(target, args);
				};
			},
		});
	const kv = async (name: string) => leaderless(await bus.jetStream.views.kv(name));
	const jetStream = Object.create(bus.jetStream, { views: { value: { kv } } });
	const on = { ...bus, jetStream };
	await using one = await joinAs('late', createManualClock(), { on });
	await using other = await joinAs('other');
	await vi.waitFor(() => expect(other.liveness.alive()).toContain('late'), waiting);
	expect([left.watch, left.put, one.liveness.isFenced()]).toEqual([-1, -1, false]);
});

it('takes itself for dead before the others do, once, when its beat cannot be stored', async () => {
	await using one = await joinAs('one');
	await nats.stop();
	one.clock.advance(4_499);
	expect([one.liveness.isFenced(), one.seen.fenced]).toEqual([false, 0]);
	one.clock.advance(1);
	expect([one.liveness.isFenced(), one.seen.fenced]).toEqual([true, 1]);
	one.clock.advance(60_000);
	expect(one.seen.fenced).toBe(1);
	await nats.restart();
	await vi.waitFor(() => {
		one.clock.advance(100);
		expect(one.liveness.isFenced()).toBe(false);
	}, waiting);
	// What it has not heard since may be alive all the same.
	expect(one.liveness.isSettled()).toBe(false);
});

it('closes its sockets before its first sign of life when it wakes from a freeze', async () => {
	await using sleeper = await joinAs('sleeper');
	sleeper.clock.advance(30_000); // All its timers come due at once.
	expect(sleeper.seen.fenced).toBe(1);
	expect(sleeper.liveness.isSettled()).toBe(false);
});

it('settles when it has listened for a while, and hears itself', async () => {
	await using one = await joinAs('one');
	expect(one.liveness.isSettled()).toBe(false);
	one.clock.advance(2_000);
	one.clock.advance(1_100);
	// Its own beat of a moment ago has to come back first.
	await vi.waitFor(() => expect(one.liveness.isSettled()).toBe(true), waiting);
});

it('has the later of two processes with one name end', async () => {
	const clock = createManualClock();
	await using first = await joinAs('same', clock, { boot: 'boot-1' });
	const later = createManualClock(Date.UTC(2027, 0, 1));
	await using second = await joinAs('same', later, { boot: 'boot-2' });
	await vi.waitFor(() => {
		clock.advance(1_000);
		later.advance(1_000);
		expect(second.seen.twins).toBeGreaterThan(0);
	}, waiting);
	expect(first.seen.twins).toBe(0);
});
