import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askSimulator, type ServiceName, type System, startSystem } from '@chat-manager/dev-env';
import { z } from 'zod';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The simulated network and so many connectors, in a folder that goes with them. */
export async function startConnectors(
	cleanup: AsyncDisposableStack,
	{ connectors = 1 } = {},
): Promise<System> {
	return startIn(cleanup, ['emulator', 'connector'], { connector: connectors });
}

/** The simulated network, and what a message passes until it is stored. */
export async function startRecorder(cleanup: AsyncDisposableStack): Promise<System> {
	return startIn(cleanup, ['emulator', 'storage', 'connector']);
}

async function startIn(
	cleanup: AsyncDisposableStack,
	services: readonly ServiceName[],
	replicas: { connector?: number } = {},
): Promise<System> {
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-bench-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	return cleanup.use(await startSystem({ dataDir, log: silent, services, replicas }));
}

const Devices = z.object({ devices: z.array(z.object({ jid: z.string(), online: z.boolean() })) });
const Sessions = z.object({
	sessions: z.array(z.object({ jid: z.string(), beganAtMs: z.number(), endedAtMs: z.number().nullable() })),
});

export async function countOnline(system: System): Promise<number> {
	const { devices } = Devices.parse(await askSimulator(system, '/admin/devices'));
	return devices.filter(({ online }) => online).length;
}

/** Every session that the simulated network saw, oldest first. */
export async function listSessions(system: System): Promise<z.infer<typeof Sessions>['sessions']> {
	return Sessions.parse(await askSimulator(system, '/admin/sessions')).sessions;
}

/** Asks again and again until it is so. A benchmark that does not get there ends with what it waited for. */
export async function until(
	what: string,
	condition: () => Promise<boolean>,
	{ patienceMs = 600_000, everyMs = 100 } = {},
): Promise<void> {
	for (const end = Date.now() + patienceMs; !(await condition()); await delay(everyMs)) {
		if (Date.now() > end) throw new Error(`Not within ${patienceMs} ms: ${what}`);
	}
}
