import { takeBundle } from '../actions/key-bundles.ts';
import { attr, bytes, child, children, node, type Stanza, uint } from '../binary/node.ts';
import { deviceOf, type Endpoint, endpointOf } from '../network/accounts.ts';
import { addPreKeys } from '../network/devices.ts';
import { Refusal } from '../network/refusal.ts';
import type { Device, KeyBundle, PublicPreKey, SignedPreKey } from '../network/state.ts';
import type { IqTable } from './iq-handler.ts';

const KEY_TYPE = Buffer.from([5]);

/** Keys: a device uploads its own, and fetches those of others to start a session with them. */
export const encryptQueries: IqTable = {
	'encrypt get count': ({ caller }) => ({
		content: [node('count', { value: String(own(caller).preKeys.length) })],
	}),

	'encrypt get digest': () => ({ content: [node('digest')] }),

	'encrypt set registration': ({ ctx, caller, iq }) => {
		const device = own(caller);
		addPreKeys(
			device,
			children(child(iq, 'list'), 'key').map((key) => ({
				id: uint(child(key, 'id')),
				value: bytes(child(key, 'value'), 32).toString('base64'),
			})),
		);
		device.registrationId = uint(child(iq, 'registration'));
		device.signedPreKey = signedPreKey(child(iq, 'skey'));
		ctx.changed();
		return {};
	},

	'encrypt set rotate': ({ ctx, caller, request }) => {
		own(caller).signedPreKey = signedPreKey(child(request, 'skey'));
		ctx.changed();
		return {};
	},

	/** Unknown users are left out: an error inside one of them would make the client's whole send fail. */
	'encrypt get key': ({ ctx, request }) => ({
		content: [
			node(
				'list',
				{},
				children(request, 'user').flatMap((user) => {
					const jid = attr(user, 'jid');
					const endpoint = endpointOf(ctx.network, jid);
					return endpoint ? [bundleNode(jid, takeBundle(ctx, endpoint))] : [];
				}),
			),
		],
	}),
};

function bundleNode(jid: string, bundle: KeyBundle): Stanza {
	return node('user', { jid }, [
		node('registration', {}, bigEndian(bundle.registrationId, 4)),
		node('type', {}, KEY_TYPE),
		node('identity', {}, fromBase64(bundle.identity)),
		node('skey', {}, [
			...keyFields(bundle.signedPreKey),
			node('signature', {}, fromBase64(bundle.signedPreKey.signature)),
		]),
		...(bundle.preKey ? [node('key', {}, keyFields(bundle.preKey))] : []),
	]);
}

function keyFields({ id, value }: PublicPreKey): Stanza[] {
	return [node('id', {}, bigEndian(id, 3)), node('value', {}, fromBase64(value))];
}

function signedPreKey(skey: Stanza | undefined): SignedPreKey {
	return {
		id: uint(child(skey, 'id')),
		value: bytes(child(skey, 'value'), 32).toString('base64'),
		signature: bytes(child(skey, 'signature'), 64).toString('base64'),
	};
}

function own({ account, deviceId }: Endpoint): Device {
	const device = deviceOf(account, deviceId);
	if (!device) throw new Refusal(404, 'The device is not linked any more.');
	return device;
}

function bigEndian(value: number, length: number): Buffer {
	const out = Buffer.alloc(length);
	out.writeUIntBE(value, 0, length);
	return out;
}

function fromBase64(value: string): Buffer {
	return Buffer.from(value, 'base64');
}
