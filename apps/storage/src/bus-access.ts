import type { BusAccess } from '@chat-manager/bus';
import { recorded } from './consumers/dispatch.ts';

/** What storage needs of the bus beyond its place in the contract. */
export const busAccess: BusAccess = { program: 'storage', consumers: [recorded] };
