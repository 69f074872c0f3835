import { z } from 'zod';
import { event } from '../event.ts';
import { DeviceState } from '../operations/devices.ts';

export const deviceEvents = {
	connected: event({
		summary: 'Your WhatsApp device is connected.',
		webhook: true,
		data: z.object({ state: DeviceState }),
		example: { state: 'connected' },
	}),
	disconnected: event({
		summary: 'Your WhatsApp device is no longer connected.',
		webhook: true,
		data: z.object({ state: DeviceState }),
		example: { state: 'logged_out' },
	}),
};
