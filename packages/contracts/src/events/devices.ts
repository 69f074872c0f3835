import { z } from 'zod';
import { event } from '../event.ts';
import { DeviceReason, DeviceState } from '../operations/devices.ts';

const DeviceChange = z.object({ state: DeviceState, reason: DeviceReason.nullable().optional() });

/** Real changes only: a connection that is back within half a minute is not told of. */
export const deviceEvents = {
	connected: event({
		summary: 'Your WhatsApp device is connected: for the first time, or again after it was not.',
		publisher: 'connector',
		webhook: true,
		data: DeviceChange,
		example: { state: 'connected', reason: null },
	}),
	disconnected: event({
		summary: 'Your WhatsApp device has been away for a while, or its link has ended.',
		publisher: 'connector',
		webhook: true,
		data: DeviceChange,
		example: { state: 'logged_out', reason: 'removed_on_phone' },
	}),
};
