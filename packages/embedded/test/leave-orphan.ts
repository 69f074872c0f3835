import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The pid of a server whose supervisor was killed. */
export async function leaveOrphan(kind: 'nats' | 'postgres', dataDir: string): Promise<number> {
	const supervisor = fork(new URL('./fixture-orphan.ts', import.meta.url), [kind, dataDir], { execArgv: [] });
	const [pid] = await once(supervisor, 'message');
	supervisor.kill('SIGKILL');
	await once(supervisor, 'exit');
	return pid as number;
}
