import { contract, type DeviceState } from '@chat-manager/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { query } from '../../api/ask.ts';

export type Device = z.output<typeof contract.connectors.devices.get.output>;

/** States that last seconds: the device is looked at every second then. */
const changing: readonly DeviceState[] = ['linking', 'connecting', 'reconnecting'];

/** The person's device, as it changes. */
export const deviceQuery = queryOptions({
	...query(contract.connectors.devices.get, {}),
	refetchInterval: ({ state: { data } }) =>
		data !== undefined && changing.includes(data.state) ? 1_000 : 4_000,
});

/** Whether a WhatsApp is linked, be it reachable at this moment or not. */
export function isLinked({ state }: Device): boolean {
	return state === 'connected' || state === 'connecting' || state === 'reconnecting' || state === 'offline';
}
