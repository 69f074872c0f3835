import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthorizingProxy } from './conformance/authorizing-proxy.ts';
import { createFixtureRegistry } from './conformance/fixture-registry.ts';
import { runSuite, type SuiteVersion } from './conformance/run-suite.ts';
import { startPeer } from './support/peers.ts';
import { createToken, signUp } from './support/person.ts';
import { startWorld, untilReady, type World } from './support/world.ts';

/** The official conformance suite, against our doors, dispatcher and endpoint: with its own fixtures, and as in production. */

let world: World;
let fixtures: string;
let production: string;
const stack = new AsyncDisposableStack();
const expected = (name: string) => join(import.meta.dirname, 'conformance', `expected-failures.${name}.yml`);

beforeAll(async () => {
	world = stack.use(await startWorld());
	const [inFront, before] = await Promise.all([startAuthorizingProxy(), startAuthorizingProxy()]);
	stack.use(inFront);
	stack.use(before);
	const settings = (publicUrl: string) => ({
		CM_PUBLIC_URL: publicUrl,
		CM_RATE_LIMIT_BURST: '100000',
		CM_RATE_LIMIT_PER_MINUTE: '100000',
	});
	const [offering, real] = await Promise.all([
		world.startGateway(settings(inFront.url), {
			createRegistry: (_context, _secret, { notify }) => createFixtureRegistry(notify),
		}),
		world.startGateway(settings(before.url)),
	]);
	await Promise.all([untilReady(offering), untilReady(real)]);
	await startPeer(world, 'storage');
	const { token } = await createToken(world, real, await signUp(world, real));
	inFront.forwardTo(offering.url, token);
	before.forwardTo(real.url, token);
	fixtures = `${inFront.url}/mcp`;
	production = `${before.url}/mcp`;
});
afterAll(() => stack.disposeAsync());

const suites: [SuiteVersion, string, string[]][] = [
	['0.1.16', 'all', ['--suite', 'all']],
	['0.2.0-alpha.12', '2025-11-25', ['--requirements', '2025-11-25']],
	['0.2.0-alpha.12', '2026-07-28', ['--requirements', '2026-07-28']],
];

/** The server asks the client in the middle of a call, over a stream that only a session has. */
const needSession = [
	'tools-call-sampling',
	'tools-call-elicitation',
	'elicitation-sep1034-defaults',
	'elicitation-sep1330-enums',
];

describe.each(suites)('suite %s, %s', (version, name, args) => {
	it('with its fixtures, fails only where a session is needed', async () => {
		const { code, output } = await runSuite(version, fixtures, args);
		if (name === '2026-07-28') return expect(code, output).toBe(0);
		const [, summary = ''] = output.split('SUMMARY');
		const failed = [...summary.matchAll(/^✗ ([a-z0-9-]+):/gm)].map(([, scenario]) => scenario);
		expect(new Set(failed), output).toEqual(new Set(needSession));
		expect(summary.match(/^✓ /gm)?.length, output).toBeGreaterThanOrEqual(26);
	});

	it('with the tools of the product, fails only where we do not offer what it asks for', async () => {
		const baseline = ['--expected-failures', expected(`product-${name}`)];
		const { code, output } = await runSuite(version, production, [...args, ...baseline]);
		expect(code, output).toBe(0);
	});
});

it('every expected failure stands below its reason', () => {
	for (const [, suite] of suites) {
		const name = `product-${suite}`;
		const lines = readFileSync(expected(name), 'utf8').split('\n');
		const entries = lines.flatMap((line, index) => (/^\s*- /.test(line) ? [index] : []));
		expect(entries.length, name).toBeGreaterThan(0);
		for (const index of entries) {
			const above = lines.slice(0, index).findLast((line) => !/^\s*- /.test(line));
			expect(above, `${name}: ${lines[index]}`).toMatch(/^\s*# \S.{10,}/);
		}
	}
});
