import type { Caller as Granted, GrantSigner } from '@chat-manager/bus';
import type { Call } from '@chat-manager/contracts';
import type { Clock } from '@chat-manager/service';
import type { Caller } from './caller.ts';

/** So long is the grant of a read used again; it is valid a read's own time beyond that. */
const reuseMs = 5_000;
const maxRemembered = 10_000;

/** Signs what a caller may do, for the services that check it again. */
export type Grants = {
	/** For one call; `confirmed` says whether what a person has to confirm may happen. */
	forCall(caller: Caller, call: Call, confirmed: boolean): Granted;
	/**
	 * For a call that changes nothing. Signing and verifying is a tenth of what a read costs, so the reads of one caller share
	 * a grant for some seconds: it says no more than each of theirs would.
	 */
	forRead(caller: Caller, call: Call, timeoutMs: number): Granted;
};

export function createGrants({ sign, clock }: { sign: GrantSigner; clock: Clock }): Grants {
	/** By everything that they say; the oldest stands first. */
	const reads = new Map<string, Granted>();

	function grant(caller: Caller, call: Call, confirmed: boolean): Granted {
		const { userId, tokenId, scopes, groups, readOnly } = caller;
		const { callId, deadline, idempotencyKey } = call;
		const signedGrant = sign({
			callId,
			userId,
			...(tokenId === undefined ? {} : { tokenId }),
			scopes: [...scopes],
			groups: groups === null ? null : [...groups],
			...(readOnly ? { readOnly } : {}),
			confirmed,
			deadline,
			...(idempotencyKey === undefined ? {} : { idempotencyKey }),
		});
		return { userId, deadline, signedGrant };
	}

	return {
		forCall: grant,
		forRead(caller, call, timeoutMs) {
			const { userId, tokenId, scopes, groups, readOnly } = caller;
			const key = [userId, tokenId, readOnly, timeoutMs, scopes.join(), groups?.join()].join(' ');
			const now = clock.now();
			const known = reads.get(key);
			if (known !== undefined && known.deadline - timeoutMs >= now) return known;
			const deadline = now + timeoutMs + reuseMs;
			const fresh = grant(caller, { ...call, deadline, idempotencyKey: undefined }, false);
			reads.delete(key);
			reads.set(key, fresh);
			const [oldest] = reads.keys();
			if (reads.size > maxRemembered && oldest !== undefined) reads.delete(oldest);
			return fresh;
		},
	};
}
