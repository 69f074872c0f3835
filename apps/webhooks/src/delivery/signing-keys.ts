import type { Vault } from '@chat-manager/backend';
import { Webhook } from 'standardwebhooks';
import { secretPlace } from '../places.ts';

export type SigningKeys = {
	/** The keys of an endpoint's sealed secrets, in their order. */
	of(owner: { userId: string; endpointId: string }, sealed: readonly Buffer[]): Promise<Webhook[]>;
};

type Known = { sealed: Buffer; key: Webhook };

const maxEndpoints = 5_000;

/** Opens secrets once: those of the endpoints that were posted to last are remembered, for as long as they stay what they are. */
export function createSigningKeys(vault: Vault): SigningKeys {
	const known = new Map<string, Known[]>();
	return {
		async of({ userId, endpointId }, all) {
			const before = known.get(endpointId) ?? [];
			const keys = await Promise.all(
				all.map(async (sealed) => {
					const same = before.find((one) => one.sealed.equals(sealed));
					if (same !== undefined) return same;
					const secret = await vault.open(secretPlace(userId, endpointId), sealed);
					return { sealed, key: new Webhook(secret.toString()) };
				}),
			);
			known.delete(endpointId);
			known.set(endpointId, keys);
			const [oldest] = known.keys();
			if (known.size > maxEndpoints && oldest !== undefined) known.delete(oldest);
			return keys.map(({ key }) => key);
		},
	};
}
