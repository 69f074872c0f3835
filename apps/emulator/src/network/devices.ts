import { Refusal } from './refusal.ts';
import type { Account, Device, PublicPreKey, SignedPreKey } from './state.ts';

export type NewDevice = {
	readonly noiseKey: string;
	readonly identity: string;
	readonly registrationId: number;
	readonly signedPreKey: SignedPreKey;
	readonly linkedAtMs: number;
	readonly client: string;
};

/**
 * Takes the next device id of the account. It is spent even when the pairing fails afterwards: senders remember by address
 * who has their sender key, so an address must never mean another device.
 */
export function reserveDeviceId(account: Account): number {
	if (account.nextDeviceId > 255) {
		throw new Refusal(419, `Account ${account.phone} has used up its 255 device ids.`);
	}
	return account.nextDeviceId++;
}

export function addDevice(account: Account, id: number, details: NewDevice): Device {
	const device: Device = { id, keyIndex: id, preKeys: [], queue: [], welcomed: false, ...details };
	account.devices.push(device);
	return device;
}

export function removeDevice(account: Account, deviceId: number): boolean {
	const index = account.devices.findIndex((device) => device.id === deviceId);
	if (index < 0) return false;
	account.devices.splice(index, 1);
	return true;
}

/** One-time keys are served once each, oldest first; nothing is left when the client has not uploaded more. */
export function takePreKey(device: Device): PublicPreKey | undefined {
	return device.preKeys.shift();
}

/** A key that is uploaded again under its id replaces the old one. */
export function addPreKeys(device: Device, keys: readonly PublicPreKey[]): void {
	const ids = new Set(keys.map((key) => key.id));
	device.preKeys = [...device.preKeys.filter((key) => !ids.has(key.id)), ...keys];
}
