import type { BusAccess } from '@chat-manager/bus';
import { stars } from './consumers/stars.ts';
import { livenessBucket } from './fleet/liveness.ts';

/** What connectors need of the bus beyond their place in the contract. */
export const busAccess: BusAccess = {
	program: 'connector',
	consumers: [stars],
	buckets: [livenessBucket],
	ownsEventStream: true,
};
