import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type Bench, figure } from './figure.ts';

const program = new URL('../../apps/emulator/bench/load.ts', import.meta.url);
const sockets = 5000;
const perSecond = 2000;
/** More than is asked for, so that what comes out is what the emulator can do and not what it was given. */
const offeredPerSecond = 2600;

/** The emulator must never be the bottleneck of another benchmark: it is held against what those ask of it. */
export const emulatorLoad: Bench = {
	name: 'emulator-load',
	summary: `the simulated network in one process: ${sockets} idle sockets, then group messages from simulated people`,
	async run(report) {
		const lines = await measure(report);
		const idle = Idle.parse(lines.get('idle'));
		const load = Load.parse(lines.get('group messages'));
		const perMessageMs = (load['CPU % of a core'] * 10) / load['sent a second'];
		const atLeast = { compare: '>=', ratio: 1 } as const;
		const atMost = { compare: '<=', ratio: 1 } as const;
		return [
			figure({ name: 'idle-sockets', value: idle.online, limit: sockets, unit: 'sockets', target: atLeast }),
			figure({
				name: 'group-messages',
				value: (load.received / load.sent) * load['sent a second'],
				limit: perSecond,
				unit: 'messages a second',
				target: atLeast,
			}),
			// Wall time is that of the machine as it happens to be; processor time is the emulator's own.
			figure({
				name: 'group-message-cpu',
				value: perMessageMs,
				limit: 1000 / perSecond,
				unit: 'ms CPU a message, one core',
				target: atMost,
			}),
		];
	},
};

async function measure(report: (line: string) => void): Promise<Map<string, unknown>> {
	const args = [program.pathname, '--sockets', String(sockets), '--per-second', String(offeredPerSecond)];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	const lines = new Map<string, unknown>();
	for await (const line of createInterface({ input: child.stdout })) {
		report(line);
		const entry = z.looseObject({ what: z.string() }).parse(JSON.parse(line));
		lines.set(entry.what, entry);
	}
	return lines;
}

const Idle = z.object({ online: z.number() });
const Load = z.object({
	'sent a second': z.number().positive(),
	sent: z.number().positive(),
	received: z.number(),
	'CPU % of a core': z.number(),
});
