import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const Port = z.object({ port: z.number() });
const Taken = z.object({ count: z.number(), agesMs: z.array(z.number()) });

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** A customer's endpoint on this machine, in a process of its own. */
export async function startReceiver() {
	const child = fork(new URL('./webhook-receiver.ts', import.meta.url));
	const { port } = Port.parse((await once(child, 'message'))[0]);
	async function take(): Promise<z.infer<typeof Taken>> {
		child.send('take');
		return Taken.parse((await once(child, 'message'))[0]);
	}
	return {
		url: `http://127.0.0.1:${port}`,
		take,
		/** Resolves when so many came since the last time, with how long that took and how old they were. */
		async takeAll(wanted: number): Promise<{ tookMs: number; agesMs: number[] }> {
			const startedMs = performance.now();
			const agesMs: number[] = [];
			for (let seen = 0; seen < wanted; await delay(5)) {
				const taken = await take();
				seen += taken.count;
				agesMs.push(...taken.agesMs);
				if (performance.now() - startedMs > 300_000) throw new Error(`Only ${seen} of ${wanted} came`);
			}
			return { tookMs: performance.now() - startedMs, agesMs };
		},
		[Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
	};
}
