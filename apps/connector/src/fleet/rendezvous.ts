import { hash } from 'node:crypto';

/**
 * Which of several connectors should hold a user: the one with the highest score for both names (rendezvous hashing,
 * Thaler and Ravishankar 1998). When a connector comes or goes, only its own share moves. `undefined` for an empty list.
 */
export function placeUser(userId: string, connectorIds: Iterable<string>): string | undefined {
	const user = fingerprint(userId);
	let best: { id: string; score: number } | undefined;
	for (const id of connectorIds) {
		const score = mix(user ^ fingerprintOf(id));
		if (best === undefined || score > best.score || (score === best.score && id > best.id))
			best = { id, score };
	}
	return best?.id;
}

/** A connector's own: asked for once a user, and there are many of them. */
const fingerprints = new Map<string, number>();

function fingerprintOf(connectorId: string): number {
	let known = fingerprints.get(connectorId);
	if (known === undefined) {
		known = fingerprint(connectorId);
		if (fingerprints.size >= 10_000) fingerprints.clear(); // Names that are made up at each start.
		fingerprints.set(connectorId, known);
	}
	return known;
}

function fingerprint(name: string): number {
	return hash('sha256', name, 'buffer').readInt32BE();
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the score. */
function mix(value: number): number {
	let mixed = value;
	mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
	mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
	return (mixed ^ (mixed >>> 16)) >>> 0;
}
