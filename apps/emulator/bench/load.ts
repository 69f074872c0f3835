/**
 * Measures what one emulator process can do: idle sockets, then group messages from simulated people. Two processes: the
 * emulator (with the simulated people in it), and this one with raw Noise clients that confirm and count what they receive.
 *
 *     node bench/load.ts [--sockets 5000] [--per-second 2000] [--seconds 20] [--groups 200] [--people 10] [--devices 1]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Request, RunDone, SetupDone, Usage } from './protocol.ts';
import { openReaders } from './readers.ts';

const { values } = parseArgs({
	options: {
		sockets: { type: 'string', default: '5000' },
		'per-second': { type: 'string', default: '2000' },
		seconds: { type: 'string', default: '20' },
		groups: { type: 'string', default: '200' },
		people: { type: 'string', default: '10' },
		devices: { type: 'string', default: '1' },
		/** A file for a CPU profile of the emulator while the messages are sent. */
		profile: { type: 'string' },
	},
});
const [sockets, perSecond, seconds] = [+values.sockets, Number(values['per-second']), +values.seconds];
const [groups, people, devicesPerGroup] = [+values.groups, +values.people, +values.devices];

const child = fork(new URL('./emulator-process.ts', import.meta.url));
const ask = async <Answer>(request: Request): Promise<Answer> => {
	child.send(request);
	const [answer] = await once(child, 'message');
	return answer;
};

print('machine', {
	load: loadavg()
		.map((value) => value.toFixed(1))
		.join(' '),
	node: process.version,
});
const setup = await ask<SetupDone>({ op: 'setup', sockets, groups, people, devicesPerGroup });
print('linked devices', { made: sockets, seconds: (setup.makingMs / 1000).toFixed(1) });
const readers = await openReaders(setup.url, setup.identities);
print('sockets', { open: readers.clients.length, seconds: (readers.openingMs / 1000).toFixed(1) });

await setTimeout(2000);
readers.take();
const idle = await ask<Usage>({ op: 'measure', seconds });
print('idle', { ...usage(idle), ...received(readers.take()) });

// The first message of each person to each group brings sender keys and sessions along; that is not what is measured.
const first = groups * people;
const warm = await ask<RunDone>({
	op: 'run',
	perSecond: Math.min(first, 500),
	seconds: Math.ceil(first / 500),
});
await setTimeout(2000);
print('first messages', { sent: warm.sent, ...usage(warm), ...received(readers.take()) });

const before = process.cpuUsage();
const run = await ask<RunDone>({ op: 'run', perSecond, seconds, profile: values.profile });
await setTimeout(1000);
const own = process.cpuUsage(before);
const got = readers.take();
print('group messages', {
	'sent a second': Math.round(run.sent / (run.wallMs / 1000)),
	sent: run.sent,
	failed: run.failed,
	'not sent': run.skipped,
	...usage(run),
	...received(got),
	expected: run.sent * devicesPerGroup,
	'clients CPU %': Math.round(((own.user + own.system) / 1000 / run.wallMs) * 100),
});
print('machine', {
	load: loadavg()
		.map((value) => value.toFixed(1))
		.join(' '),
});
readers.close();
child.disconnect();
await once(child, 'exit');

function usage(value: Usage): Record<string, unknown> {
	return {
		'CPU % of a core': Math.round((value.cpuMs / value.wallMs) * 1000) / 10,
		'RSS MB': Math.round(value.rssMb),
		'loop delay ms p50/p99/max': [value.delayP50Ms, value.delayP99Ms, value.delayMaxMs]
			.map((ms) => ms.toFixed(1))
			.join('/'),
		online: value.online,
	};
}

function received({
	messages,
	pings,
	lost,
	latenciesMs,
}: ReturnType<typeof readers.take>): Record<string, unknown> {
	const at = (share: number) => latenciesMs[Math.floor((latenciesMs.length - 1) * share)] ?? 0;
	return {
		received: messages,
		pings,
		'connections lost': lost,
		...(messages > 0 && { 'latency ms p50/p99/max': [at(0.5), at(0.99), at(1)].join('/') }),
	};
}

function print(what: string, figures: Record<string, unknown>): void {
	process.stdout.write(`${JSON.stringify({ what, ...figures })}\n`);
}
