import { lidJid, pnJid } from '../binary/jid.ts';
import { node } from '../binary/node.ts';
import { deviceOf, type Endpoint } from '../network/accounts.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import { removeDevice } from '../network/devices.ts';
import type { Account, Network } from '../network/state.ts';

type Namespace = 'pn' | 'lid';

/** Notes that the caller keeps a copy of the account's list of devices, as seen through one kind of address. */
export function watch(account: Account, caller: Endpoint, namespace: Namespace): void {
	const watcher = `${caller.account.phone}:${caller.deviceId}:${namespace}`;
	if (!account.watchers.includes(watcher)) account.watchers.push(watcher);
}

/** To be called when a device has been linked. */
export function announceLinked(ctx: Context, { account, deviceId }: Endpoint): void {
	announce(ctx, account, deviceId, 'add');
}

/** Removes a linked device for good: everyone is told, and a client that is connected is logged out (401). */
export function unlinkDevice(ctx: Context, target: Endpoint): void {
	const line = ctx.post.lineOf(target);
	removeDevice(target.account, target.deviceId);
	line?.hangUp('removed');
	announce(ctx, target.account, target.deviceId, 'remove');
}

/**
 * Clients keep lists of devices for minutes. Those who have asked for this one hear of the change under the address by which
 * they asked, and the account's other devices hear of it under both.
 */
function announce(ctx: Context, account: Account, deviceId: number, change: 'add' | 'remove'): void {
	for (const { endpoint, namespace } of audience(ctx.network, account, deviceId)) {
		const jidOf = namespace === 'lid' ? lidJid : pnJid;
		const user = namespace === 'lid' ? account.lid : account.phone;
		const keyIndex = change === 'add' ? String(deviceId) : undefined;
		const device = node('device', { jid: jidOf(user, deviceId), 'key-index': keyIndex });
		ctx.post.deliver(
			endpoint,
			node(
				'notification',
				{ from: jidOf(user), type: 'devices', id: newStanzaId(), t: seconds(ctx.nowMs()) },
				[node(change, {}, [device, node('key-index-list', { ts: seconds(ctx.nowMs()) })])],
			),
		);
	}
	ctx.changed();
}

function audience(network: Network, account: Account, except: number): Listener[] {
	const keys = new Set(account.watchers);
	for (const { id } of account.devices) {
		for (const namespace of ['pn', 'lid']) keys.add(`${account.phone}:${id}:${namespace}`);
	}
	return [...keys].flatMap((key) => {
		const [phone = '', device, namespace] = key.split(':');
		const listener = network.accounts.get(phone);
		const deviceId = Number(device);
		if (!listener || !deviceOf(listener, deviceId)) return [];
		if (listener === account && deviceId === except) return [];
		return [{ endpoint: { account: listener, deviceId }, namespace: namespace === 'lid' ? 'lid' : 'pn' }];
	});
}

type Listener = { readonly endpoint: Endpoint; readonly namespace: Namespace };
