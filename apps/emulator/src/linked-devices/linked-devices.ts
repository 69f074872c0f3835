import { setImmediate } from 'node:timers/promises';
import { BufferJSON } from '@whiskeysockets/baileys';
import { groupNamed } from '../api/find.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { ensureAccount, lidOf, pnOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { addDevice, addPreKeys, reserveDeviceId } from '../network/devices.ts';
import { joinGroup } from '../network/group-members.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Group } from '../network/state.ts';
import { createCompanion } from './companion.ts';
import type { LinkedDevice, LinkedDevicesApi, LinkedDevicesOptions } from './types.ts';

/** Far from the numbers that are made from names, and from the default one. */
const DEFAULT_PREFIX = '1556';
const PHONE_DIGITS = 11;
/** A client uploads 812 one-time keys at its first login, and more when fewer than six are left. */
const DEFAULT_PRE_KEYS = 30;
const MAX_PRE_KEYS = 812;
const MAX_DEVICES = 20_000;

/**
 * Makes devices that are already linked, each with an account of its own. Where pairing a real client costs it half a second,
 * this costs a few milliseconds, because nobody talks to anybody: both halves are made at once.
 */
export function createLinkedDevicesApi(
	ctx: Context,
	identityOf: (account: Account) => KeyPair,
): LinkedDevicesApi {
	async function* make(count: number, options: LinkedDevicesOptions = {}): AsyncGenerator<LinkedDevice> {
		const { phonePrefix = DEFAULT_PREFIX, preKeys = DEFAULT_PRE_KEYS } = options;
		check(count, phonePrefix, preKeys);
		const groups = (options.groups ?? []).map((id) => groupNamed(ctx.network, id));
		const free = freePhones(ctx, phonePrefix);
		for (let made = 0; made < count; made++) {
			const phone = free.next().value;
			if (phone === undefined) throw new Refusal(419, `There are not ${count} numbers with this prefix.`);
			yield link(phone, preKeys, groups);
			// One at a time, so that a few thousand of them do not stop the network for their clients.
			await setImmediate();
		}
	}
	function link(phone: string, preKeyCount: number, groups: readonly Group[]): LinkedDevice {
		const account = ensureAccount(ctx.network, phone);
		const endpoint = { account, deviceId: reserveDeviceId(account) };
		const phoneIdentity = identityOf(account);
		const companion = createCompanion(endpoint, { phoneIdentity, preKeyCount, nowMs: ctx.nowMs() });
		const device = addDevice(account, endpoint.deviceId, companion.device);
		addPreKeys(device, companion.publicPreKeys);
		device.welcomed = true;
		for (const group of groups) joinGroup(group, account);
		ctx.changed();
		const auth = { creds: companion.creds, keys: { 'pre-key': companion.preKeys } };
		return { phone, jid: pnOf(endpoint), lid: lidOf(endpoint), auth: plain(auth) };
	}
	return {
		eachLinkedDevice: make,
		async linkedDevices(count, options) {
			const all: LinkedDevice[] = [];
			for await (const device of make(count, options)) all.push(device);
			return all;
		},
	};
}

/** Numbers nobody has yet, in order. */
function* freePhones({ network }: Context, prefix: string): Generator<string, undefined> {
	const digits = Math.max(PHONE_DIGITS - prefix.length, 4);
	for (let index = 1; index < 10 ** digits; index++) {
		const phone = `${prefix}${String(index).padStart(digits, '0')}`;
		if (!network.accounts.has(phone)) yield phone;
	}
	return undefined;
}

function check(count: number, phonePrefix: string, preKeys: number): void {
	if (!Number.isInteger(count) || count < 1 || count > MAX_DEVICES) {
		throw new Refusal(400, `Between 1 and ${MAX_DEVICES} devices can be made at once.`);
	}
	if (!/^[1-9][0-9]{0,10}$/.test(phonePrefix)) throw new Refusal(400, 'A prefix has 1 to 11 digits.');
	if (!Number.isInteger(preKeys) || preKeys < 0 || preKeys > MAX_PRE_KEYS) {
		throw new Refusal(400, `A device has up to ${MAX_PRE_KEYS} one-time keys.`);
	}
}

/** Bytes as Baileys' `BufferJSON` writes them, so that JSON carries them anywhere. */
function plain(auth: unknown): LinkedDevice['auth'] {
	return JSON.parse(JSON.stringify(auth, BufferJSON.replacer));
}
