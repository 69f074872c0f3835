import { expect, test } from 'vitest';
import { createMetrics, type Readiness, startHealth } from '../src/index.ts';

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

test('metrics are read when somebody asks, and what cannot be read is left out', async () => {
	const metrics = createMetrics();
	metrics.counter('cm_made_total', 'Made.').add({}, 2);
	metrics.duration('cm_made_seconds', 'Making.', { bucketsSeconds: [1] }).observe({}, 1_500);
	const depth = metrics.gauge('cm_depth', 'Depth.', ['where']);
	await using health = await startHealth({ port: 0, ready: async () => ({}), metrics });
	const lines = async () => {
		const response = await fetch(`http://127.0.0.1:${health.port}/metrics`);
		expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
		return (await response.text()).split('\n');
	};
	expect(await lines()).toEqual(
		expect.arrayContaining([
			'cm_made_total 2',
			'cm_made_seconds_bucket{le="1"} 0',
			'cm_made_seconds_sum 1.5',
		]),
	);
	let read = async () => [{ labels: { where: 'here' }, value: 7 }];
	const shown = depth.show(() => read());
	expect(await lines()).toContain('cm_depth{where="here"} 7');
	read = () => Promise.reject(new Error('away'));
	const depths = async () => (await lines()).filter((line) => line.startsWith('cm_depth'));
	expect(await depths()).toEqual([]);
	shown[Symbol.dispose]();
	expect(await depths()).toEqual([]);
});

test('it is off when no port is set', async () => {
	await using health = await startHealth({ port: undefined, ready: async () => ({}) });
	expect(health.port).toBeUndefined();
});
