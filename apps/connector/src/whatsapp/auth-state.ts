import {
	type AuthenticationCreds,
	type AuthenticationState,
	BufferJSON,
	initAuthCreds,
	proto,
	type SignalDataSet,
	type SignalDataTypeMap,
} from '@whiskeysockets/baileys';
import { committedDigest } from './capturing-repository.ts';
import { compactSenderKey } from './compact-sender-key.ts';
import { createRecentMap } from './recent-map.ts';
import { withoutDevice } from './stanza.ts';

/** Where a device's secrets are kept. Every write is one atomic step, and closes the socket before it throws. */
export type SecretStore = {
	loadCredentials(): Promise<string | undefined>;
	saveCredentials(json: string): Promise<void>;
	readKeys(kind: string, ids: readonly string[]): Promise<{ id: string; json: string }[]>;
	writeKeys(changes: KeyChanges): Promise<void>;
};

/** A person: their phone jid and, where known, their hidden id; both without a device. */
export type Me = { jid: string; lid: string | null };

export type KeyChanges = {
	put: { kind: string; id: string; json: string }[];
	remove: { kind: string; id: string }[];
	/** Digests of messages whose keys are committed with this step. */
	digests: string[];
};

export type AuthState = AuthenticationState & {
	/** Saves the credentials as they are now; saves happen one after the other. */
	saveCredentials(): Promise<void>;
	/** Who the device belongs to, as the credentials say now; `undefined` until it is linked. */
	me(): Me | undefined;
	/** Resolves when every save that was asked for has ended. */
	saved(): Promise<void>;
};

/** How many keys of one device are kept in memory: those of the conversations of the last minutes. */
const cachedKeys = 500;

/**
 * The credentials and keys of a device as Baileys wants them. Credentials that were never registered (an abandoned
 * attempt to link) are thrown away: with them Baileys would try to log in and be refused.
 */
export async function openAuthState(store: SecretStore): Promise<AuthState> {
	const saved = await store.loadCredentials();
	const known =
		saved === undefined ? undefined : (JSON.parse(saved, BufferJSON.reviver) as AuthenticationCreds);
	const creds = known?.account === undefined ? initAuthCreds() : known;
	let lastSave: Promise<void> = Promise.resolve();
	const cache = createRecentMap<{ value: unknown }>(cachedKeys);
	return {
		creds,
		keys: {
			async get(kind, ids) {
				const values = new Map<string, unknown>();
				const missing: string[] = [];
				for (const id of ids) {
					const cached = cache.get(`${kind} ${id}`);
					if (cached === undefined) missing.push(id);
					else values.set(id, cached.value);
				}
				if (missing.length > 0) {
					for (const { id, json } of await store.readKeys(kind, missing))
						values.set(id, parseKey(kind, json));
					// What is not there is remembered too: Baileys asks for some keys with every message.
					for (const id of missing) cache.set(`${kind} ${id}`, { value: values.get(id) });
				}
				const found: Record<string, SignalDataTypeMap[typeof kind]> = {};
				for (const [id, value] of values) {
					if (value !== undefined) found[id] = value as SignalDataTypeMap[typeof kind];
				}
				return found;
			},
			async set(given) {
				const data = compact(given);
				await store.writeKeys(toChanges(data));
				// Only after the write: memory never knows more than the store.
				for (const [kind, id, value] of flatten(data)) {
					if (kind !== committedDigest) cache.set(`${kind} ${id}`, { value: value ?? undefined });
				}
			},
		},
		saveCredentials() {
			const json = JSON.stringify(creds, BufferJSON.replacer);
			const save = lastSave.then(() => store.saveCredentials(json));
			lastSave = save.catch(() => {}); // Its caller is told; the next save must not fail for it.
			return save;
		},
		saved: () => lastSave,
		me() {
			const { me } = creds;
			return me && { jid: withoutDevice(me.id), lid: me.lid === undefined ? null : withoutDevice(me.lid) };
		},
	};
}

function compact(data: SignalDataSet): SignalDataSet {
	const records = data['sender-key'];
	if (records === undefined) return data;
	const entries = Object.entries(records).map(
		([id, record]) => [id, record && compactSenderKey(record)] as const,
	);
	return { ...data, 'sender-key': Object.fromEntries(entries) };
}

function toChanges(data: SignalDataSet): KeyChanges {
	const changes: KeyChanges = { put: [], remove: [], digests: [] };
	for (const [kind, id, value] of flatten(data)) {
		if (kind === committedDigest) changes.digests.push(id);
		else if (value === null) changes.remove.push({ kind, id });
		else changes.put.push({ kind, id, json: JSON.stringify(value, BufferJSON.replacer) });
	}
	return changes;
}

function flatten(data: SignalDataSet): [kind: string, id: string, value: unknown][] {
	return Object.entries(data).flatMap(([kind, values]) =>
		Object.entries(values).map(([id, value]): [string, string, unknown] => [kind, id, value ?? null]),
	);
}

function parseKey(kind: string, json: string): unknown {
	const value: unknown = JSON.parse(json, BufferJSON.reviver);
	if (kind !== 'app-state-sync-key') return value;
	return proto.Message.AppStateSyncKeyData.fromObject(value as Record<string, unknown>);
}
