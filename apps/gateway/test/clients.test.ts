import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tools } from '@chat-manager/contracts';
import {
	Client as ModernClient,
	StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, signUp } from './support/person.ts';
import { programEnv, root, runProgram, watchProgram } from './support/program.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

/** Clients that others wrote, each with a token that is good and with one that is not. */

let world: World;
let gateway: Gateway;
let token: string;
let home: string;
const wrong = `cm_pat_${'w'.repeat(43)}`;
const jid = '120363025246125486@g.us';
const names = tools.map(({ name }) => name);
/** What a person can act on: that they need a token, and where it is made. */
const helps = () => new RegExp(`[Cc]reate a personal access token at ${gateway.url}/app/settings/mcp`);

beforeAll(async () => {
	home = await mkdtemp(join(tmpdir(), 'cm-clients-'));
	world = await startWorld();
	gateway = await world.startGateway({ CM_RATE_LIMIT_BURST: '1000' });
	await untilReady(gateway);
	await startPeer(world, 'storage');
	const person = await signUp(world, gateway);
	await startPeer(world, 'connector', {}, person.id);
	({ token } = await createToken(world, gateway, person));
});
afterAll(async () => {
	await world[Symbol.asyncDispose]();
	await rm(home, { recursive: true, force: true });
});

const url = () => new URL(`${gateway.url}/mcp`);
const info = { name: 'test', version: '1.0.0' };

describe('the client of the first SDK', () => {
	it('lists tools, prompts and resources, and calls', async () => {
		const client = new LegacyClient(info);
		await client.connect(
			new LegacyTransport(url(), { requestInit: { headers: bearer(token) } }) as Transport,
		);
		expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names);
		expect((await client.listPrompts()).prompts).toHaveLength(3);
		expect((await client.listResources()).resources).toHaveLength(1);
		const result = await client.callTool({ name: 'get_starred_group', arguments: { jid } });
		expect(result.structuredContent).toMatchObject({ jid });
		await client.close();
	});

	it('tells what to do about a wrong token', async () => {
		const client = new LegacyClient(info);
		const transport = new LegacyTransport(url(), { requestInit: { headers: bearer(wrong) } });
		await expect(client.connect(transport as Transport)).rejects.toThrow(helps());
	});
});

describe('the client of the second SDK', () => {
	it.each([{ pin: '2026-07-28' }, 'auto', 'legacy'] as const)('lists and calls: %j', async (mode) => {
		const client = new ModernClient(info, { versionNegotiation: { mode } });
		await client.connect(new ModernTransport(url(), { requestInit: { headers: bearer(token) } }));
		expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names);
		expect((await client.listPrompts()).prompts).toHaveLength(3);
		const { resources } = await client.listResources();
		const [resource] = resources;
		const read = await client.readResource({ uri: resource?.uri ?? '' });
		expect(read.contents[0]).toMatchObject({ mimeType: 'text/plain' });
		const result = await client.callTool({ name: 'get_starred_group', arguments: { jid } });
		expect(result.structuredContent).toMatchObject({ jid });
		await client.close();
	});

	it('tells what to do about a wrong token', async () => {
		const client = new ModernClient(info);
		const transport = new ModernTransport(url(), { requestInit: { headers: bearer(wrong) } });
		await expect(client.connect(transport)).rejects.toThrow(helps());
	});
});

describe("the Inspector's command line", () => {
	const inspector = join(
		root,
		'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
	);
	const run = (withToken: string, ...args: string[]) =>
		runProgram(
			[
				inspector,
				'--cli',
				url().href,
				'--transport',
				'http',
				'--header',
				`Authorization: Bearer ${withToken}`,
				...args,
			],
			home,
		);

	it.each(['legacy', 'modern', 'auto'])('finds nothing to object to, %s', async (era) => {
		const ran = await run(token, '--protocol-era', era, '--method', 'tools/list', '--strict');
		expect(ran.stderr).toBe('');
		expect(ran.code, ran.stdout).toBe(0);
		const { tools: listed } = JSON.parse(ran.stdout) as { tools: { name: string }[] };
		expect(listed.map(({ name }) => name)).toEqual(names);
	});

	it('calls a tool', async () => {
		const ran = await run(
			token,
			'--method',
			'tools/call',
			'--tool-name',
			'get_starred_group',
			'--tool-arg',
			`jid=${jid}`,
		);
		expect(ran.stderr).toBe('');
		expect(ran.code, ran.stdout).toBe(0);
		expect(JSON.parse(ran.stdout)).toMatchObject({ structuredContent: { jid } });
	});

	it('tells what to do about a wrong token', async () => {
		// Without a terminal it would not even try, and says that this is how to run it then.
		const ran = await run(wrong, '--method', 'tools/list', '--stored-auth-only');
		expect(ran.code).not.toBe(0);
		expect(`${ran.stdout}${ran.stderr}`).toMatch(helps());
	});
});

describe('the bridge of the product documentation', () => {
	const args = (withToken: string) => [
		'mcp-remote',
		url().href,
		'--header',
		`Authorization: Bearer ${withToken}`,
	];

	it('lists and calls', async () => {
		const client = new LegacyClient(info);
		const transport = new StdioClientTransport({
			command: 'npx',
			args: args(token),
			env: programEnv(home),
			cwd: root,
			stderr: 'ignore',
		});
		await client.connect(transport as Transport);
		expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names);
		const result = await client.callTool({ name: 'get_starred_group', arguments: { jid } });
		expect(result.structuredContent).toMatchObject({ jid });
		await client.close();
	});

	it('tells what to do about a wrong token', async () => {
		const written = await watchProgram('npx', args(wrong), home, helps());
		expect(written).not.toMatch(/<html|<!doctype/i);
	});
});
