/** The emulator under load, in a process of its own. Its simulated people write; the clients are elsewhere. */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { createEmulator } from '../src/index.ts';
import type { Request, Run, RunDone, Setup, SetupDone, Usage } from './protocol.ts';

const TICK_MS = 10;
/** More than this many messages on the way at once means that the emulator cannot keep up; the rest is not sent. */
const MAX_IN_FLIGHT = 4000;

const emulator = await createEmulator();
const groups: { id: string; people: string[] }[] = [];

process.on('message', (request: Request) => {
	void answer(request).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function answer(request: Request): Promise<unknown> {
	if (request.op === 'setup') return setup(request);
	if (request.op === 'measure') return measured(() => setTimeout(request.seconds * 1000));
	return run(request);
}

async function setup(options: Setup): Promise<SetupDone> {
	const startedMs = performance.now();
	const devices = await emulator.linkedDevices(options.sockets, { preKeys: 60 });
	const makingMs = performance.now() - startedMs;
	for (let index = 0; index < options.groups; index++) {
		const people = Array.from({ length: options.people }, (_, n) => `1557${index * 100 + n + 1000000}`);
		for (const phone of people) emulator.accounts.create({ phone });
		const readers = Array.from(
			{ length: options.devicesPerGroup },
			(_, n) => devices[(index * options.devicesPerGroup + n) % devices.length]?.phone ?? '',
		);
		const [by = ''] = people;
		const participants = [...people.slice(1), ...readers];
		groups.push({ people, id: emulator.groups.create({ by, subject: `Load ${index}`, participants }).id });
	}
	const identities = devices.map(({ phone, jid, auth }) => {
		const { public: publicKey, private: privateKey } = auth.creds.noiseKey as Record<
			'public' | 'private',
			Bytes
		>;
		const deviceId = Number(/:([0-9]+)@/.exec(jid)?.[1]);
		return { phone, deviceId, publicKey: publicKey.data, privateKey: privateKey.data };
	});
	return { url: emulator.url, identities, makingMs };
}

async function run(request: Run): Promise<RunDone> {
	if (request.profile === undefined) return send(request);
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.start');
	const done = await send(request);
	const { profile } = await session.post('Profiler.stop');
	await writeFile(request.profile, JSON.stringify(profile));
	return done;
}

async function send({ perSecond, seconds }: Run): Promise<RunDone> {
	let [sent, failed, skipped, inFlight, next] = [0, 0, 0, 0, 0];
	const sendOne = () => {
		const group = groups[next % groups.length];
		const from = group?.people[Math.floor(next / groups.length) % group.people.length];
		next++;
		if (!group || from === undefined) return;
		inFlight++;
		const id = `T${Date.now().toString(36)}.${next}`;
		emulator.phones
			.send(from, group.id, `Message ${next} of the load`, { id })
			.then(
				() => sent++,
				() => failed++,
			)
			.finally(() => inFlight--);
	};
	const usage = await measured(async () => {
		const startedMs = performance.now();
		for (;;) {
			const elapsedMs = performance.now() - startedMs;
			const due = Math.floor((Math.min(elapsedMs, seconds * 1000) / 1000) * perSecond);
			for (; next + skipped < due; ) {
				if (inFlight < MAX_IN_FLIGHT) sendOne();
				else skipped++;
			}
			if (elapsedMs >= seconds * 1000) break;
			await setTimeout(TICK_MS);
		}
		while (inFlight > 0) await setTimeout(TICK_MS);
	});
	return { ...usage, sent, failed, skipped };
}

async function measured(work: () => Promise<unknown>): Promise<Usage> {
	const delay = monitorEventLoopDelay({ resolution: TICK_MS });
	delay.enable();
	const [startedMs, before] = [performance.now(), process.cpuUsage()];
	await work();
	const { user, system } = process.cpuUsage(before);
	delay.disable();
	const ms = (ns: number) => Math.max(0, ns / 1e6 - TICK_MS);
	return {
		wallMs: performance.now() - startedMs,
		cpuMs: (user + system) / 1000,
		rssMb: process.memoryUsage().rss / 1e6,
		delayP50Ms: ms(delay.percentile(50)),
		delayP99Ms: ms(delay.percentile(99)),
		delayMaxMs: ms(delay.max),
		online: emulator.devices.list().filter((device) => device.online).length,
	};
}

type Bytes = { readonly data: string };
