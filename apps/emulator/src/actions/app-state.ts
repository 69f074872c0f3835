import { proto } from '@whiskeysockets/baileys';
import { pnJid } from '../binary/jid.ts';
import { node } from '../binary/node.ts';
import { type Endpoint, endpointsOf, sameEndpoint } from '../network/accounts.ts';
import { type Context, newStanzaId, seconds } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Collection } from '../network/state.ts';

/**
 * What all devices of an account share, in collections of encrypted patches. The server cannot read them: it counts versions,
 * takes a patch only when it is made for the present version (409), and tells the other devices to fetch.
 */
export const COLLECTIONS = [
	'critical_block',
	'critical_unblock_low',
	'regular_high',
	'regular_low',
	'regular',
] as const;
export type CollectionName = (typeof COLLECTIONS)[number];

export function collectionOf(account: Account, name: string): Collection {
	if (!isCollection(name)) throw new Refusal(404, `There is no collection ${name}.`);
	const known = account.appState[name];
	if (known) return known;
	const made: Collection = { version: 0, patches: [] };
	account.appState[name] = made;
	return made;
}

export function addPatch(
	ctx: Context,
	from: Endpoint,
	change: { name: string; baseVersion: number; patch: Uint8Array },
): Collection {
	const collection = collectionOf(from.account, change.name);
	if (collection.version !== change.baseVersion) throw new Refusal(409, 'The patch is for another version.');
	const version = collection.version + 1;
	const patch = proto.SyncdPatch.decode(change.patch);
	patch.version = { version };
	const encoded = Buffer.from(proto.SyncdPatch.encode(patch).finish()).toString('base64');
	collection.patches.push({ version, encoded });
	collection.version = version;
	for (const endpoint of endpointsOf(from.account)) {
		if (sameEndpoint(endpoint, from)) continue;
		const attrs = {
			from: pnJid(from.account.phone),
			type: 'server_sync',
			id: newStanzaId(),
			t: seconds(ctx.nowMs()),
		};
		const content = node('collection', { name: change.name, version: String(version) });
		ctx.post.deliver(endpoint, node('notification', attrs, [content]));
	}
	ctx.changed();
	return collection;
}

export function isCollection(name: string): name is CollectionName {
	return COLLECTIONS.some((known) => known === name);
}
