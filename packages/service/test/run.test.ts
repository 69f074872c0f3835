import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

test('the parent hears when the app is ready, and a signal closes it in reverse order', async () => {
	const app = start({ SECRET: 'hunter2' });
	expect(await message(app.child)).toEqual({ type: 'ready' });
	app.child.kill('SIGTERM');
	const { code, output } = await app.ended;
	expect(code).toBe(0);
	expect(output.indexOf('last closed first')).toBeLessThan(output.indexOf('first closed last'));
	expect(output).toContain('"SECRET":"[redacted]"');
	expect(output).not.toContain('hunter2');
});

test('all faults of the settings stand on stderr, without values', async () => {
	const { code, errors } = await start({ PORT: 'eighty', BEHAVIOUR: 'odd' }).ended;
	expect(code).toBe(1);
	expect(errors).toMatch(
		/^fixture cannot start with these settings:\n {2}PORT: .*\n {2}SECRET: .*\n {2}BEHAVIOUR: /,
	);
	expect(errors).not.toMatch(/eighty|odd/);
});

test('a parent that is gone means stop', async () => {
	const app = start({ SECRET: 's' });
	await message(app.child);
	app.child.disconnect();
	const { code, output } = await app.ended;
	expect([code, output.includes('parent gone')]).toEqual([0, true]);
});

test('a signal while the app still starts ends it in order', async () => {
	const app = start({ SECRET: 's', BEHAVIOUR: 'start-waits' });
	expect(await message(app.child)).toEqual({ type: 'waiting' });
	app.child.kill('SIGINT');
	expect((await app.ended).code).toBe(0);
});

test.for([
	['start-fails', 'no luck'],
	['throws-later', 'nobody listens'],
])('%s is logged as fatal and exits 1', async ([behaviour = '', reason = '']) => {
	const { code, output } = await start({ SECRET: 's', BEHAVIOUR: behaviour }).ended;
	expect(code).toBe(1);
	expect(output).toContain('"level":"fatal"');
	expect(output).toContain(reason);
});

test('an error while closing is logged and the process still ends', async () => {
	const app = start({ SECRET: 's', BEHAVIOUR: 'dispose-fails' });
	await message(app.child);
	app.child.kill('SIGTERM');
	const { code, output } = await app.ended;
	expect(code).toBe(0);
	expect(output).toContain('stuck');
	expect(output).toContain('first closed last');
});

function start(env: Record<string, string>): { child: ChildProcess; ended: Promise<Ended> } {
	const child = fork(new URL('./fixture-app.ts', import.meta.url), { env, silent: true, execArgv: [] });
	return { child, ended: collect(child) };
}

async function message(child: ChildProcess): Promise<unknown> {
	const [received] = await once(child, 'message');
	return received;
}

async function collect(child: ChildProcess): Promise<Ended> {
	const { stdout, stderr } = child;
	if (stdout === null || stderr === null) throw new Error('the child has no output');
	const [[code], output, errors] = await Promise.all([once(child, 'exit'), text(stdout), text(stderr)]);
	return { code: code as number | null, output, errors };
}

type Ended = { code: number | null; output: string; errors: string };
