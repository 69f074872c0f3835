import type { Readiness } from '@chat-manager/service';
import { fenced, room, users, usersWaiting } from '../metrics.ts';
import type { Fleet, FleetCondition } from './fleet.ts';

/**
 * Whether a connector does its work: not while it takes itself for dead, and not while none of the connections that it should
 * have says anything. That a few are silent is theirs; devices that wait for a person are left out, for nobody speaks there.
 */
export function fleetReadiness({ isFenced, sessions }: FleetCondition, silentAfterMs: number): Readiness {
	const expected = sessions.filter(({ state }) => state === 'connected' || state === 'connecting');
	const isSilent = expected.length > 0 && expected.every(({ silentMs }) => silentMs > silentAfterMs);
	return { fleet: isFenced ? 'fenced' : 'ok', whatsapp: isSilent ? 'silent' : 'ok' };
}

/** The same in numbers. */
export function showFleet({ condition }: Pick<Fleet, 'condition'>, silentAfterMs: number): Disposable {
	const shown = new DisposableStack();
	shown.use(users.show(() => countUsers(condition(), silentAfterMs)));
	shown.use(usersWaiting.show(() => [{ labels: {}, value: condition().waiting }]));
	shown.use(room.show(() => [{ labels: {}, value: condition().room }]));
	shown.use(fenced.show(() => [{ labels: {}, value: condition().isFenced ? 1 : 0 }]));
	return shown;
}

function countUsers({ sessions }: FleetCondition, silentAfterMs: number) {
	const counts = new Map<string, number>([
		['connected', 0],
		['silent', 0],
	]);
	for (const { state, silentMs } of sessions) {
		const shown = state === 'connected' && silentMs > silentAfterMs ? 'silent' : state;
		counts.set(shown, (counts.get(shown) ?? 0) + 1);
	}
	return [...counts].map(([state, value]) => ({ labels: { state }, value }));
}
