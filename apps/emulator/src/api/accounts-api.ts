import { chatModificationToAppPatch } from '@whiskeysockets/baileys';
import * as settings from '../actions/account-settings.ts';
import { COLLECTIONS, collectionOf } from '../actions/app-state.ts';
import { setProfilePicture } from '../actions/pictures.ts';
import { lidJid, pnJid } from '../binary/jid.ts';
import { accountByLid, ensureAccount, phoneFor } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import { DEFAULT_PHONE } from '../pairing/scan-qr.ts';
import type { Phones } from '../phone/phones.ts';
import { accountNamed } from './find.ts';
import type { AccountInfo, AccountsApi } from './types.ts';

const PHONE = /^[0-9]{5,15}$/;

export function createAccountsApi(ctx: Context, phones: Phones): AccountsApi {
	const { network } = ctx;

	/** A person does something on their phone. */
	function onPhone(phone: string, action: (account: Account) => void): AccountInfo {
		const account = accountNamed(network, phone);
		action(account);
		ctx.changed();
		return describe(ctx, account);
	}
	/** Tells the companions of the new name, if the phone has ever told them one. */
	function shareName(account: Account): void {
		if (collectionOf(account, 'critical_block').version === 0) return;
		const change = chatModificationToAppPatch({ pushNameSetting: account.pushName }, '');
		phones
			.changeSetting(account, change)
			.catch((error: unknown) => ctx.log.error({ err: error }, 'the new name could not be shared'));
	}
	return {
		create({ phone, pushName } = {}) {
			const number = phone ?? (pushName === undefined ? DEFAULT_PHONE : phoneFor(pushName));
			if (!PHONE.test(number)) throw new Refusal(400, 'A number has 5 to 15 digits and nothing else.');
			const account = ensureAccount(network, number, pushName);
			if (pushName !== undefined) shareName(account);
			ctx.changed();
			return describe(ctx, account);
		},
		list: () => [...network.accounts.values()].map((account) => describe(ctx, account)),
		get(phone) {
			const account = network.accounts.get(phone);
			return account && describe(ctx, account);
		},
		setPushName: (phone, pushName) =>
			onPhone(phone, (account) => {
				account.pushName = pushName;
				shareName(account);
			}),
		setPrivacy: (phone, changes) =>
			onPhone(phone, (account) =>
				settings.setPrivacy(ctx, { account, deviceId: 0 }, new Map(Object.entries(changes))),
			),
		setContacts: (phone, contacts) =>
			onPhone(phone, (account) => {
				account.contacts = [...contacts];
			}),
		setBlocked: (phone, other, blocked) =>
			onPhone(phone, (account) =>
				settings.setBlocked(ctx, { account, deviceId: 0 }, accountNamed(network, other), blocked),
			),
		setPicture: (phone, jpeg) =>
			onPhone(phone, (account) => {
				setProfilePicture(ctx, account, jpeg);
			}),
		setAbout: (phone, about) =>
			onPhone(phone, (account) => settings.setAbout(ctx, { account, deviceId: 0 }, about)),
		setReads: (phone, reads) =>
			onPhone(phone, (account) => {
				account.reads = reads;
			}),
		settings: (phone) => phones.settings(accountNamed(network, phone)),
		changeSetting: (phone, change, chat = '') =>
			phones.changeSetting(accountNamed(network, phone), chatModificationToAppPatch(change, chat)),
		async compactSettings(phone) {
			const account = accountNamed(network, phone);
			for (const name of COLLECTIONS) {
				if (collectionOf(account, name).version > 0) await phones.compact(account, name);
			}
		},
	};
}

function describe({ network }: Context, account: Account): AccountInfo {
	const { phone, lid, pushName, devices, about, contacts, picture, reads } = account;
	return {
		phone,
		jid: pnJid(phone),
		lid: lidJid(lid),
		pushName,
		about,
		privacy: Object.fromEntries(settings.privacyOf(account)),
		contacts,
		blocked: account.blocked.flatMap((other) => accountByLid(network, other)?.phone ?? []),
		hasPicture: picture !== undefined,
		reads,
		devices: devices.map((device) => pnJid(phone, device.id)),
	};
}
