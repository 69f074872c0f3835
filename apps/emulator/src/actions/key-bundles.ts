import { SERVER } from '../binary/jid.ts';
import { node } from '../binary/node.ts';
import { deviceOf, type Endpoint } from '../network/accounts.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import { takePreKey } from '../network/devices.ts';
import { Refusal } from '../network/refusal.ts';
import type { Device, KeyBundle } from '../network/state.ts';

/** Below this many one-time keys a device is asked for more. */
const LOW_PRE_KEYS = 5;

/** A key bundle of any endpoint, with one of its one-time keys while there are some. */
export function takeBundle(ctx: Context, endpoint: Endpoint): KeyBundle {
	ctx.changed();
	if (endpoint.deviceId === 0) return ctx.phoneBundle(endpoint.account);
	const device = deviceOf(endpoint.account, endpoint.deviceId);
	if (!device) throw new Refusal(404, 'The device is not linked any more.');
	const preKey = takePreKey(device);
	askForPreKeys(ctx, endpoint, device);
	const { registrationId, identity, signedPreKey } = device;
	return { registrationId, identity, signedPreKey, ...(preKey ? { preKey } : {}) };
}

function askForPreKeys(ctx: Context, endpoint: Endpoint, device: Device): void {
	const asked = device.queue.some((queued) => queued.tag === 'notification' && queued.type === 'encrypt');
	if (device.preKeys.length >= LOW_PRE_KEYS || asked) return;
	const count = node('count', { value: String(device.preKeys.length) });
	const attrs = { from: SERVER, type: 'encrypt', id: newStanzaId(), t: seconds(ctx.nowMs()) };
	ctx.post.deliver(endpoint, node('notification', attrs, [count]));
}
