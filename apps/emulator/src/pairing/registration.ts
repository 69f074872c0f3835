import { proto } from '@whiskeysockets/baileys';
import { MalformedStanza } from '../binary/node.ts';
import type { NewDevice } from '../network/devices.ts';
import type { Finished } from '../noise/handshake.ts';

/** What a client says of itself when it wants to be linked. Throws `MalformedStanza` when something is missing. */
export function registration({ clientStatic, payload }: Finished, linkedAtMs: number): NewDevice {
	const data: proto.ClientPayload.IDevicePairingRegistrationData = payload.devicePairingData ?? {};
	const value = (field: Uint8Array | null | undefined, length: number): Buffer => {
		if (field?.length !== length) throw new MalformedStanza('The registration is incomplete.');
		return Buffer.from(field);
	};
	return {
		noiseKey: clientStatic.toString('base64'),
		identity: value(data.eIdent, 32).toString('base64'),
		registrationId: value(data.eRegid, 4).readUInt32BE(0),
		signedPreKey: {
			id: value(data.eSkeyId, 3).readUIntBE(0, 3),
			value: value(data.eSkeyVal, 32).toString('base64'),
			signature: value(data.eSkeySig, 64).toString('base64'),
		},
		linkedAtMs,
		client: clientName(data.deviceProps),
	};
}

/** "Chrome (Mac OS)", as phones list it; bytes that say nothing are no reason to turn a client away. */
function clientName(deviceProps: Uint8Array | null | undefined): string {
	try {
		const { os, platformType } = proto.DeviceProps.decode(deviceProps ?? new Uint8Array());
		const platform = proto.DeviceProps.PlatformType[platformType ?? 0] ?? 'UNKNOWN';
		const name = platform.charAt(0) + platform.slice(1).toLowerCase().replaceAll('_', ' ');
		return (os ? `${name} (${os})` : name).slice(0, MAX_NAME_CHARACTERS);
	} catch {
		return 'Unknown';
	}
}

const MAX_NAME_CHARACTERS = 60;
