import type { Logger } from 'pino';
import { endpointsOf, pnOf } from '../network/accounts.ts';
import type { PostOffice } from '../network/post-office.ts';
import type { Network } from '../network/state.ts';
import type { Pairings } from '../pairing/pairings.ts';
import type { Fault } from './fault.ts';
import { isMeant } from './faults.ts';
import { streamError } from './faulty-stage.ts';

/** Time for the answer to the call that asked for the restart. */
const FAREWELL_MS = 20;

type Reach = {
	readonly network: Network;
	readonly post: PostOffice;
	readonly pairings: Pairings;
	restart(downMs: number): Promise<void>;
	readonly log: Logger;
};

/** The faults that wait for no stanza: they cut the connections that are there, or stop the server. */
export function happenAtOnce(fault: Fault, { network, post, pairings, restart, log }: Reach): void {
	if (fault.kind === 'restart') {
		setTimeout(() => {
			restart(fault.downMs).catch((error: unknown) => log.error({ err: error }, 'the restart failed'));
		}, FAREWELL_MS);
		return;
	}
	if (fault.kind !== 'drop' && fault.kind !== 'stream-error' && fault.kind !== 'offline') return;
	if (fault.kind !== 'stream-error' && isMeant(fault, {})) pairings.drop();
	for (const account of network.accounts.values()) {
		for (const endpoint of endpointsOf(account)) {
			if (!isMeant(fault, { phone: account.phone, device: pnOf(endpoint) })) continue;
			post.lineOf(endpoint)?.hangUp(fault.kind === 'stream-error' ? streamError(fault.code) : 'dropped');
		}
	}
}
