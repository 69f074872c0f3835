import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AuthenticationState, BufferJSON, initAuthCreds, proto } from '@whiskeysockets/baileys';

/** A Baileys auth state in memory, and in one file when a path is given; there it is complete after every write. */
export type AuthFile = { readonly state: AuthenticationState; save(): void; forget(type: string): void };

export function openAuthFile(path: string | undefined): AuthFile {
	const saved = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
	const { creds, keys }: Saved = saved
		? JSON.parse(saved, BufferJSON.reviver)
		: { creds: initAuthCreds(), keys: {} };
	function save(): void {
		if (path === undefined) return;
		writeFileSync(`${path}.tmp`, JSON.stringify({ creds, keys }, BufferJSON.replacer));
		renameSync(`${path}.tmp`, path);
	}
	return {
		save,
		forget(type) {
			delete keys[type];
			save();
		},
		state: {
			creds,
			keys: {
				get(type, ids) {
					const rows = keys[type] ?? {};
					// Out of a file, the bytes of this one are text; Baileys would take them for a key as they are.
					const revive = (row: never) =>
						type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(row) : row;
					return Object.fromEntries(
						ids.filter((id) => id in rows).map((id) => [id, revive(rows[id] as never)]),
					) as never;
				},
				set(data) {
					for (const [type, rows] of Object.entries(data)) {
						const table = keys[type] ?? {};
						keys[type] = table;
						for (const [id, value] of Object.entries(rows)) {
							if (value === null || value === undefined) delete table[id];
							else table[id] = value;
						}
					}
					save();
				},
			},
		},
	};
}

// biome-ignore lint/suspicious/noExplicitAny: Baileys' own store is untyped by key, too
type Saved = { creds: AuthenticationState['creds']; keys: Record<string, Record<string, any>> };
