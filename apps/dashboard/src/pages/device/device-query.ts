import { contract } from '@chat-manager/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { query } from '../../api/ask.ts';

export type Device = z.output<typeof contract.connectors.devices.get.output>;

/** The person's device. A connector that dies tells nobody what becomes of it, so it is looked at now and then too. */
export const deviceQuery = queryOptions({
	...query(contract.connectors.devices.get, {}),
	refetchInterval: 30_000,
});

/** Whether a WhatsApp is linked, be it reachable at this moment or not. */
export function isLinked({ state }: Device): boolean {
	return state === 'connected' || state === 'connecting' || state === 'reconnecting' || state === 'offline';
}
