import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import {
	decodePatches,
	encodeSyncdPatch,
	type LTHashState,
	newLTHashState,
	proto,
	type WAPatchCreate,
} from '@whiskeysockets/baileys';
import { z } from 'zod';
import { addPatch, type CollectionName, collectionOf, isCollection } from '../actions/app-state.ts';
import { parseJid } from '../binary/jid.ts';
import { accountOf } from '../network/accounts.ts';
import type { Phone } from './phone.ts';

/**
 * The phone's side of the app state. It owns the key under which all devices of the account encrypt, hands it to each device
 * that it links, and reads along: what the other devices change here changes the account.
 */
const KEYS = 'app-state-sync-key';
const VERSIONS = 'app-state-sync-version';
const ENTRIES = 'app-state-entry';
const SNAPSHOT_MAC_KEY = { start: 96, end: 128 };

const keySchema = z.object({
	keyData: z.instanceof(Uint8Array),
	fingerprint: z.object({
		rawId: z.number(),
		currentIndex: z.number(),
		deviceIndexes: z.array(z.number()),
	}),
	timestamp: z.number(),
});
type Key = z.infer<typeof keySchema>;

/** One setting: what it is about, and its value. */
export const settingSchema = z.object({ index: z.array(z.string()), value: z.unknown() });
export type Setting = z.infer<typeof settingSchema>;

/** Makes a change in the account's name, and tells all devices. */
export async function changeSetting(phone: Phone, change: WAPatchCreate): Promise<void> {
	await catchUp(phone, change.type);
	const { id, key } = ensureKey(phone);
	const before = stateOf(phone, change.type);
	const { patch } = await encodeSyncdPatch(change, id, before, async () => key);
	const encoded = proto.SyncdPatch.encode(patch).finish();
	addPatch(phone.ctx, phone.endpoint, { name: change.type, baseVersion: before.version, patch: encoded });
	await catchUp(phone, change.type);
}

/** Reads the patches that the phone has not seen yet. */
export async function catchUp(phone: Phone, name: string): Promise<void> {
	if (!isCollection(name)) return;
	const state = stateOf(phone, name);
	const { patches } = collectionOf(phone.endpoint.account, name);
	const newer = patches
		.filter(({ version }) => version > state.version)
		.map(({ encoded }) => proto.SyncdPatch.decode(Buffer.from(encoded, 'base64')));
	if (newer.length === 0) return;
	const { id, key } = ensureKey(phone);
	const known = async (wanted: string) => (wanted === id ? key : null);
	const decoded = await decodePatches(name, newer, state, known, {}, undefined, phone.ctx.log, true);
	tableOf(phone, VERSIONS).set(name, decoded.state);
	for (const { index, syncAction } of Object.values(decoded.mutationMap)) {
		const value: unknown = JSON.parse(JSON.stringify(syncAction.value ?? {}));
		tableOf(phone, ENTRIES).set(JSON.stringify(index), { index, value });
		takeEffect(phone, index, syncAction.value ?? {});
	}
	phone.ctx.changed();
}

/** All settings of the account, decrypted. */
export function settingsOf(phone: Phone): Setting[] {
	return [...tableOf(phone, ENTRIES).values()].map((entry) => settingSchema.parse(entry));
}

/** Puts one snapshot in the place of all patches so far, as WhatsApp's phones do now and then. */
export async function compact(phone: Phone, name: CollectionName): Promise<void> {
	await catchUp(phone, name);
	const collection = collectionOf(phone.endpoint.account, name);
	const { id, key } = ensureKey(phone);
	const { version, hash } = stateOf(phone, name);
	const keyId = { id: Buffer.from(id, 'base64') };
	const number = Buffer.alloc(8);
	number.writeUInt32BE(version, 4);
	const mac = createHmac('sha256', snapshotMacKey(key))
		.update(Buffer.concat([hash, number, Buffer.from(name)]))
		.digest();
	const records = recordsOf(collection);
	const encoded = proto.SyncdSnapshot.encode({ version: { version }, records, mac, keyId }).finish();
	collection.snapshot = { version, encoded: Buffer.from(encoded).toString('base64') };
	collection.patches = collection.patches.filter((patch) => patch.version > version);
	phone.ctx.changed();
}

/** The key, for a device that has just been linked. */
export function keyShare(phone: Phone): proto.Message.IAppStateSyncKeyShare {
	const { id, key } = ensureKey(phone);
	return { keys: [{ keyId: { keyId: Buffer.from(id, 'base64') }, keyData: key }] };
}

function ensureKey(phone: Phone): { id: string; key: Key } {
	const keys = tableOf(phone, KEYS);
	for (const [id, key] of keys) return { id, key: keySchema.parse(key) };
	const id = Buffer.concat([Buffer.from([0, 0]), randomBytes(4)]).toString('base64');
	const key: Key = {
		keyData: randomBytes(32),
		fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0] },
		timestamp: phone.ctx.nowMs(),
	};
	keys.set(id, key);
	return { id, key };
}

/** The newest value of each record; patches only ever set. */
function recordsOf({
	snapshot,
	patches,
}: {
	snapshot?: { encoded: string } | undefined;
	patches: readonly { encoded: string }[];
}): proto.ISyncdRecord[] {
	const records = new Map<string, proto.ISyncdRecord>();
	const put = (record: proto.ISyncdRecord | null | undefined) => {
		if (record) records.set(Buffer.from(record.index?.blob ?? []).toString('base64'), record);
	};
	if (snapshot) {
		for (const record of proto.SyncdSnapshot.decode(Buffer.from(snapshot.encoded, 'base64')).records)
			put(record);
	}
	for (const { encoded } of patches) {
		for (const { operation, record } of proto.SyncdPatch.decode(Buffer.from(encoded, 'base64')).mutations) {
			if (operation === proto.SyncdMutation.SyncdOperation.REMOVE) {
				records.delete(Buffer.from(record?.index?.blob ?? []).toString('base64'));
			} else put(record);
		}
	}
	return [...records.values()];
}

function takeEffect(phone: Phone, index: readonly string[], value: proto.ISyncActionValue): void {
	const { account } = phone.endpoint;
	if (value.pushNameSetting?.name) account.pushName = value.pushNameSetting.name;
	if (index[0] === 'contact' && value.contactAction) {
		const contact = accountOf(phone.ctx.network, index[1] ?? '')?.phone ?? parseJid(index[1] ?? '')?.user;
		if (contact && !account.contacts.includes(contact)) account.contacts.push(contact);
	}
}

function snapshotMacKey({ keyData }: Key): Buffer {
	const all = Buffer.from(hkdfSync('sha256', keyData, Buffer.alloc(0), 'WhatsApp Mutation Keys', 160));
	return all.subarray(SNAPSHOT_MAC_KEY.start, SNAPSHOT_MAC_KEY.end);
}

function stateOf(phone: Phone, name: CollectionName): LTHashState {
	const state = tableOf(phone, VERSIONS).get(name);
	return isState(state) ? state : newLTHashState();
}

function isState(value: unknown): value is LTHashState {
	return typeof value === 'object' && value !== null && 'indexValueMap' in value && 'hash' in value;
}

function tableOf({ vault }: Phone, name: string): Map<string, unknown> {
	const table = vault.store.get(name) ?? new Map<string, unknown>();
	vault.store.set(name, table);
	return table;
}
