import { createHash } from 'node:crypto';
import { lidJid, parseJid, pnJid } from '../binary/jid.ts';
import type { Account, Device, Network } from './state.ts';

/** One endpoint of the network: a linked device, or with `deviceId` 0 the account's phone. */
export type Endpoint = { readonly account: Account; readonly deviceId: number };

/** The account with this number (digits); made on the spot when there is none. */
export function ensureAccount(network: Network, phone: string, pushName?: string): Account {
	const existing = network.accounts.get(phone);
	if (existing) {
		if (pushName !== undefined) existing.pushName = pushName;
		return existing;
	}
	const account: Account = {
		phone,
		lid: lidFor(phone),
		pushName: pushName ?? phone,
		nextDeviceId: 1,
		devices: [],
		privacy: {},
		contacts: [],
		blocked: [],
		about: '',
		disappearingSeconds: 0,
		reads: false,
		appState: {},
		watchers: [],
	};
	network.accounts.set(phone, account);
	network.phoneByLid.set(account.lid, phone);
	return account;
}

/** Finds the account behind either of its addresses, with or without a device. */
export function accountOf(network: Network, jid: string): Account | undefined {
	const parsed = parseJid(jid);
	if (!parsed) return undefined;
	if (parsed.server === 's.whatsapp.net') return network.accounts.get(parsed.user);
	if (parsed.server !== 'lid') return undefined;
	const phone = network.phoneByLid.get(parsed.user);
	return phone === undefined ? undefined : network.accounts.get(phone);
}

export function accountByLid(network: Network, lid: string): Account | undefined {
	const phone = network.phoneByLid.get(lid);
	return phone === undefined ? undefined : network.accounts.get(phone);
}

/** The endpoint an address means; nothing when the account or the device does not exist. */
export function endpointOf(network: Network, jid: string): Endpoint | undefined {
	const account = accountOf(network, jid);
	const deviceId = parseJid(jid)?.device;
	if (!account || deviceId === undefined) return undefined;
	if (deviceId !== 0 && !deviceOf(account, deviceId)) return undefined;
	return { account, deviceId };
}

export function deviceOf(account: Account, deviceId: number): Device | undefined {
	return account.devices.find((device) => device.id === deviceId);
}

/** The phone and every linked device. */
export function endpointsOf(account: Account): Endpoint[] {
	return [0, ...account.devices.map((device) => device.id)].map((deviceId) => ({ account, deviceId }));
}

export function sameEndpoint(one: Endpoint, other: Endpoint): boolean {
	return one.account.phone === other.account.phone && one.deviceId === other.deviceId;
}

export function lidOf({ account, deviceId }: Endpoint): string {
	return lidJid(account.lid, deviceId);
}

export function pnOf({ account, deviceId }: Endpoint): string {
	return pnJid(account.phone, deviceId);
}

/** The number a name gets when nobody chose one: the same name, the same number, in every emulator. */
export function phoneFor(pushName: string): string {
	const number = createHash('sha256').update(pushName).digest().readUInt32BE(0) % 10_000_000;
	return `1555${String(number).padStart(7, '0')}`;
}

function lidFor(phone: string): string {
	const digest = createHash('sha256').update(`lid:${phone}`).digest().readBigUInt64BE(0);
	return String(10n ** 14n + (digest % (9n * 10n ** 14n)));
}
