import { groupJid, isGroupJid, parseJid } from '../binary/jid.ts';
import { type Endpoint, endpointOf } from '../network/accounts.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Group, Network } from '../network/state.ts';

export function accountNamed(network: Network, phone: string): Account {
	const account = network.accounts.get(phone);
	if (!account) throw new Refusal(404, `There is no account with the number ${phone}.`);
	return account;
}

export function groupNamed(network: Network, id: string): Group {
	const group = network.groups.get(isGroupJid(id) ? (parseJid(id)?.user ?? '') : id);
	if (!group) throw new Refusal(404, `There is no group ${isGroupJid(id) ? id : groupJid(id)}.`);
	return group;
}

export function deviceNamed(network: Network, jid: string): Endpoint {
	const endpoint = endpointOf(network, jid);
	if (!endpoint || endpoint.deviceId === 0) throw new Refusal(404, `There is no linked device ${jid}.`);
	return endpoint;
}
