import type { BusAccess } from '@chat-manager/bus';
import { posted } from './consumers/webhook-events.ts';

/** What webhooks needs of the bus beyond its place in the contract. */
export const busAccess: BusAccess = { program: 'webhooks', consumers: [posted] };
