import { createHash } from 'node:crypto';

/**
 * Which of several connectors should hold a user: the one with the highest hash of both names (rendezvous hashing,
 * Thaler and Ravishankar 1998). When a connector comes or goes, only its own share moves. `undefined` for an empty list.
 */
export function placeUser(userId: string, connectorIds: readonly string[]): string | undefined {
	let best: { id: string; score: bigint } | undefined;
	for (const id of connectorIds) {
		const score = createHash('sha256').update(`${userId}\n${id}`).digest().readBigUInt64BE();
		if (best === undefined || score > best.score) best = { id, score };
	}
	return best?.id;
}
