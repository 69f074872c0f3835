import { SERVER } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { deviceOf, type Endpoint, lidOf } from '../network/accounts.ts';
import { type Context, seconds } from '../network/context.ts';
import type { HangUp, Line } from '../network/post-office.ts';
import { redelivery } from '../network/queue.ts';
import type { Device } from '../network/state.ts';
import type { Finished } from '../noise/handshake.ts';
import { dispatch } from '../stanzas/dispatch.ts';
import type { Channel, Stage } from './channel.ts';

/**
 * The session of a linked device.
 *
 * It is let in when its Noise key is the one it was linked with, else it gets `<failure reason="401">`. After `<success>` its
 * line is on hold: the client first puts its keys in order and then says that it is active. Then it gets what it missed,
 * oldest first, then `<offline>`, which clients wait for even when nothing was missed, and from there on everything as it
 * happens. A second connection of the same device replaces the first one (stream error "conflict").
 */
export function login(ctx: Context, channel: Channel, client: Finished): Stage | undefined {
	const found = identify(ctx, client);
	if (!found) {
		channel.send(node('failure', { reason: '401', location: 'emulator' }));
		channel.close();
		return undefined;
	}
	const { endpoint, device } = found;
	const line = createLine(channel, device);
	ctx.post.attach(endpoint, line)?.hangUp('replaced');
	channel.send(node('success', { t: seconds(ctx.nowMs()), lid: lidOf(endpoint), location: 'emulator' }));
	// A client hands this back in front of its next handshake.
	const routing = node('routing_info', {}, Buffer.from([endpoint.deviceId, 8]));
	channel.send(ib(node('edge_routing', {}, [routing])));
	return {
		receive: (stanza) => dispatch(ctx, endpoint, stanza, channel.send),
		closed: () => ctx.post.detach(endpoint, line),
	};
}

function identify(ctx: Context, client: Finished): { endpoint: Endpoint; device: Device } | undefined {
	const { username, device: deviceId } = client.payload;
	const account = ctx.network.accounts.get(String(username ?? ''));
	const device = account && deviceOf(account, deviceId ?? 0);
	if (!account || !device || device.noiseKey !== client.clientStatic.toString('base64')) return undefined;
	return { endpoint: { account, deviceId: device.id }, device };
}

function createLine(channel: Channel, device: Device): Line {
	let ready = false;
	return {
		get ready() {
			return ready;
		},
		send: channel.send,
		open() {
			if (ready) return;
			const [own, missed] = partition(redelivery(device), ({ attrs }) => attrs.category === 'peer');
			if (missed.length > 0) channel.send(ib(preview(missed)));
			for (const stanza of missed) channel.send(stanza);
			channel.send(ib(node('offline', { count: String(missed.length) })));
			// Messages of the account's own phone to this device, the initial history above all, are of use only now.
			for (const stanza of own) channel.send(stanza);
			ready = true;
		},
		hangUp(reason) {
			ready = false;
			const farewell = typeof reason === 'string' ? FAREWELLS[reason] : reason;
			if (!farewell) {
				channel.drop();
				return;
			}
			channel.send(farewell);
			channel.close();
		},
	};
}

const FAREWELLS: Readonly<Record<HangUp, Stanza | undefined>> = {
	replaced: node('stream:error', {}, [node('conflict', { type: 'replaced' })]),
	removed: node('stream:error', { code: '401' }, [node('conflict', { type: 'device_removed' })]),
	dropped: undefined,
};

function preview(missed: readonly Stanza[]): Stanza {
	const count = (tag: string) => String(missed.filter((stanza) => stanza.tag === tag).length);
	return node('offline_preview', {
		count: String(missed.length),
		message: count('message'),
		notification: count('notification'),
		receipt: count('receipt'),
		appdata: '0',
		calls: '0',
	});
}

function partition(stanzas: readonly Stanza[], isFirst: (stanza: Stanza) => boolean): [Stanza[], Stanza[]] {
	return [stanzas.filter(isFirst), stanzas.filter((stanza) => !isFirst(stanza))];
}

function ib(content: Stanza): Stanza {
	return node('ib', { from: SERVER }, [content]);
}
