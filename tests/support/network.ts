import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type System, type SystemOptions, startSystem } from '@chat-manager/dev-env';
import { z } from 'zod';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export type Network = System & { dataDir: string };

/** The whole system in a folder of its own, which goes with it. */
export async function startNetwork(options: Partial<SystemOptions> = {}): Promise<Network> {
	await using cleanup = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-story-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const system = cleanup.use(await startSystem({ dataDir, log: silent, ...options }));
	const stack = cleanup.move();
	return { ...system, dataDir, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Asks the simulated network; a string is sent as it is, anything else as JSON. */
export async function simulator(net: Network, path: string, body?: unknown): Promise<unknown> {
	const response = await fetch(`${net.emulatorUrl}${path}`, {
		method: body === undefined ? 'GET' : 'POST',
		...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		headers: {
			authorization: `Bearer ${net.emulatorAdminToken}`,
			'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
		},
	});
	if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
	return response.json();
}

/** A group on the simulated network; the people in it are made as needed. */
export async function makeGroup(
	net: Network,
	by: string,
	subject: string,
	participants: string[],
): Promise<string> {
	for (const phone of [by, ...participants]) await simulator(net, '/admin/accounts', { phone });
	return z
		.object({ id: z.string() })
		.parse(await simulator(net, '/admin/groups', { by, subject, participants })).id;
}
