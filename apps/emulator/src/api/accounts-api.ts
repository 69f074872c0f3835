import { lidJid, pnJid } from '../binary/jid.ts';
import { ensureAccount, phoneFor } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import { DEFAULT_PHONE } from '../pairing/scan-qr.ts';
import { accountNamed } from './find.ts';
import type { AccountInfo, AccountsApi } from './types.ts';

const PHONE = /^[0-9]{5,15}$/;

export function createAccountsApi(ctx: Context): AccountsApi {
	const { network } = ctx;
	return {
		create({ phone, pushName } = {}) {
			const number = phone ?? (pushName === undefined ? DEFAULT_PHONE : phoneFor(pushName));
			if (!PHONE.test(number)) throw new Refusal(400, 'A number has 5 to 15 digits and nothing else.');
			const account = ensureAccount(network, number, pushName);
			ctx.changed();
			return describe(account);
		},
		list: () => [...network.accounts.values()].map(describe),
		get(phone) {
			const account = network.accounts.get(phone);
			return account && describe(account);
		},
		setPushName(phone, pushName) {
			const account = accountNamed(network, phone);
			account.pushName = pushName;
			ctx.changed();
			return describe(account);
		},
	};
}

function describe(account: Account): AccountInfo {
	const { phone, lid, pushName, devices } = account;
	return {
		phone,
		jid: pnJid(phone),
		lid: lidJid(lid),
		pushName,
		devices: devices.map((device) => pnJid(phone, device.id)),
	};
}
