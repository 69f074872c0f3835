import { expect, it } from 'vitest';
import { placeUser } from '../src/fleet/rendezvous.ts';

const users = Array.from({ length: 3_000 }, (_, index) => `user-${index}`);
const place = (ids: string[]) => new Map(users.map((userId) => [userId, placeUser(userId, ids)]));

it('gives each connector about its share', () => {
	const placed = [...place(['a', 'b', 'c']).values()];
	for (const id of ['a', 'b', 'c']) {
		const share = placed.filter((owner) => owner === id).length;
		expect(share).toBeGreaterThan(850);
		expect(share).toBeLessThan(1_150);
	}
	expect(placeUser('ana', [])).toBeUndefined();
});

it('says the same in whatever order the connectors are named', () => {
	expect(place(['a', 'b', 'c'])).toEqual(place(['c', 'a', 'b']));
});

it('moves nobody but those of who came or went', () => {
	const three = place(['a', 'b', 'c']);
	for (const [userId, owner] of place(['a', 'b', 'c', 'd']))
		expect([three.get(userId), 'd']).toContain(owner);
	for (const [userId, owner] of place(['a', 'b']))
		if (three.get(userId) !== 'c') expect(owner).toBe(three.get(userId));
});
