import type { BusAccess } from '@chat-manager/bus';

/** What the gateway needs of the bus beyond its place in the contract. */
export const busAccess: BusAccess = { program: 'gateway', consumers: [] };
