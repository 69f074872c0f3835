import { unlinkDevice } from '../actions/devices.ts';
import { deviceOf, lidOf, pnOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { accountNamed, deviceNamed } from './find.ts';
import type { DevicesApi } from './types.ts';

export function createDevicesApi(ctx: Context): DevicesApi {
	const { network, post } = ctx;
	return {
		list(phone) {
			const accounts = phone === undefined ? [...network.accounts.values()] : [accountNamed(network, phone)];
			return accounts.flatMap((account) =>
				account.devices.map((device) => {
					const endpoint = { account, deviceId: device.id };
					return {
						jid: pnOf(endpoint),
						lid: lidOf(endpoint),
						phone: account.phone,
						online: post.lineOf(endpoint)?.ready ?? false,
						queueLength: device.queue.length,
						preKeys: device.preKeys.length,
					};
				}),
			);
		},
		queue(jid) {
			const { account, deviceId } = deviceNamed(network, jid);
			const queue = deviceOf(account, deviceId)?.queue ?? [];
			return queue.map(({ tag, id, from, participant, type }) => ({ tag, id, from, participant, type }));
		},
		disconnect(jid) {
			const line = post.lineOf(deviceNamed(network, jid));
			line?.hangUp('dropped');
			return line !== undefined;
		},
		sessions: (phone) => {
			const own = phone === undefined ? undefined : `${accountNamed(network, phone).phone}:`;
			return post.sessions.list().filter(({ jid }) => own === undefined || jid.startsWith(own));
		},
		unlink: (jid) => unlinkDevice(ctx, deviceNamed(network, jid)),
	};
}
