import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';
import type { Settings } from './settings.ts';

const Told = z.object({ port: z.number().optional(), ready: z.boolean().optional() });

/** The baseline in two processes, like ours; resolves to where it listens. */
export async function startBaseline(settings: Settings): Promise<AsyncDisposable & { url: string }> {
	const children: ChildProcess[] = [];
	const start = async (file: string) => {
		const child = fork(new URL(file, import.meta.url), [JSON.stringify(settings)], {
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		children.push(child);
		return await new Promise<z.infer<typeof Told>>((resolve, reject) => {
			child.once('message', (message) => resolve(Told.parse(message)));
			child.once('exit', () => reject(new Error(`${file} ended`)));
		});
	};
	await start('./answers.ts');
	const { port } = await start('./door.ts');
	return {
		url: `http://127.0.0.1:${port}`,
		async [Symbol.asyncDispose]() {
			for (const child of children) child.kill('SIGKILL');
		},
	};
}
