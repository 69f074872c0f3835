import { importDevices } from '@chat-manager/connector/import-devices';
import { createLinkedUsers, type System } from '@chat-manager/dev-env';
import { type Bench, figure } from './figure.ts';
import { countOnline, listSessions, startConnectors, until } from './system.ts';

const users = 200;
const atMost = { compare: '<=', ratio: 1 } as const;

/** Measured by the simulated network: when each device's session ended, and when its next one began. */
export const fleet: Bench = {
	name: 'fleet',
	summary: `${users} users on 3 connectors: until the users of a killed one are online again, and how long each is away in a planned hand-over`,
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const system = await startConnectors(cleanup, { connectors: 3 });
		await createLinkedUsers(system, importDevices, { count: users, preKeys: 10 });
		await until('everybody is online', async () => (await countOnline(system)) === users);

		const killed = await awayTimes(system, () => system.service('connector').kill());
		report(
			`killed: ${killed.length} users, online again within ${(Math.max(...killed) / 1_000).toFixed(1)} s`,
		);
		const drained = await awayTimes(system, () => system.service('connector-2').stop());
		const median = drained.toSorted((a, b) => a - b)[drained.length >> 1] ?? 0;
		report(`handed over: ${drained.length} users, away for ${median.toFixed(0)} ms (median)`);
		await system.service('connector-3').kill();
		return [
			figure({
				name: 'takeover-after-kill',
				value: Math.max(...killed) / 1_000,
				limit: 10,
				unit: 's until the last user is online',
				target: atMost,
			}),
			figure({
				name: 'planned-hand-over',
				value: Math.max(...drained) / 1_000,
				limit: 2,
				unit: 's away, the longest of all users',
				target: atMost,
			}),
		];
	},
};

/** Lets something happen to a connector; how long each user that it had was without a session, in milliseconds. */
async function awayTimes(system: System, happen: () => Promise<void>): Promise<number[]> {
	const before = await listSessions(system);
	await happen();
	await until('everybody is online again', async () => {
		const sessions = await listSessions(system);
		return (
			sessions.length > before.length &&
			sessions.filter(({ endedAtMs }) => endedAtMs === null).length === users
		);
	});
	const sessions = await listSessions(system);
	return sessions.slice(before.length).flatMap(({ jid, beganAtMs }) => {
		const earlier = sessions.findLast((session) => session.jid === jid && session.beganAtMs < beganAtMs);
		return earlier?.endedAtMs == null ? [] : [beganAtMs - earlier.endedAtMs];
	});
}
