import { expect, test } from 'vitest';
import { type Readiness, startHealth } from '../src/index.ts';

test('readiness follows what the process depends on, liveness does not', async () => {
	let ready: () => Promise<Readiness> = async () => ({ database: 'ok', bus: 'reconnecting' });
	await using health = await startHealth({ port: 0, ready: () => ready() });
	const get = async (path: string) => {
		const response = await fetch(`http://127.0.0.1:${health.port}${path}`);
		return [response.status, await response.json()];
	};
	expect(await get('/healthz')).toEqual([200, { status: 'ok' }]);
	expect(await get('/readyz')).toEqual([
		503,
		{ status: 'unavailable', checks: { database: 'ok', bus: 'reconnecting' } },
	]);
	ready = async () => ({ database: 'ok', bus: 'ok' });
	expect(await get('/readyz')).toEqual([200, { status: 'ok', checks: { database: 'ok', bus: 'ok' } }]);
	ready = () => Promise.reject(new Error('postgres://u:secret@host'));
	expect(await get('/readyz')).toEqual([503, { status: 'unavailable', checks: { check: 'failed' } }]);
	expect(await get('/elsewhere')).toEqual([404, { status: 'not found' }]);
});

test('it is off when no port is set', async () => {
	await using health = await startHealth({ port: undefined, ready: async () => ({}) });
	expect(health.port).toBeUndefined();
});
