import type { BusAccess } from '@chat-manager/bus';
import { acted } from './consumers/consume.ts';

/** What the gateway needs of the bus beyond its place in the contract. */
export const busAccess: BusAccess = {
	program: 'gateway',
	consumers: [acted],
	purgesEvents: true,
	hearsChanges: true,
};
