import { createSecretKey, generateKeySync, type KeyObject } from 'node:crypto';
import { AppError } from '@chat-manager/contracts';
import { openSealed, sealBytes } from './seal.ts';

/**
 * Envelope encryption (AES-256-GCM). A data key a user encrypts what a service keeps; the data key itself is kept wrapped by
 * a master key, whose name stands in front:
 *
 *   wrapped = length of the name (1 byte) | name of the master key | sealed data key
 *   sealed  = see seal.ts
 *
 * Rotation: put a new master key in front of the old ones (`k2:…,k1:…`). The first wraps, all unwrap; `isCurrent` tells
 * which wrapped keys still have to be wrapped anew before an old one may go.
 *
 * `context` says what is encrypted and where it lives (service, user, table, row). It is bound to the ciphertext: a value
 * copied to another row or user does not open.
 */
export type Envelope = {
	newDataKey(): KeyObject;
	wrap(dataKey: KeyObject, context: string): Buffer;
	/** Throws `AppError` (`internal`) when the master key is not known, or the value or its context are not the wrapped ones. */
	unwrap(wrapped: Uint8Array, context: string): KeyObject;
	/** Whether the value is wrapped by the first master key. */
	isCurrent(wrapped: Uint8Array): boolean;
	seal(key: KeyObject, plaintext: Uint8Array, context: string): Buffer;
	/** Throws `AppError` (`internal`) when key, context or a single bit is not what was sealed. */
	open(key: KeyObject, sealed: Uint8Array, context: string): Buffer;
};

export function createEnvelope({ masterKeys }: { masterKeys: readonly MasterKey[] }): Envelope {
	const [current] = masterKeys;
	if (current === undefined) throw failure('No master key is set.');
	const byName = new Map(masterKeys.map((master) => [master.name, master.key]));
	return {
		newDataKey: () => generateKeySync('aes', { length: 256 }),
		wrap(dataKey, context) {
			const name = Buffer.from(current.name);
			const sealed = sealBytes(current.key, dataKey.export(), wrapContext(current.name, context));
			return Buffer.concat([Buffer.of(name.length), name, sealed]);
		},
		unwrap(wrapped, context) {
			const { name, sealed } = splitWrapped(wrapped);
			const master = byName.get(name);
			if (master === undefined)
				throw failure('The data key is wrapped by a master key that is not among the settings.');
			const dataKey = openSealed(master, sealed, wrapContext(name, context));
			if (dataKey === undefined)
				throw failure('The data key does not open: it was changed, moved, or wrapped by another key.');
			return createSecretKey(dataKey);
		},
		isCurrent: (wrapped) => splitWrapped(wrapped).name === current.name,
		seal: sealBytes,
		open(key, sealed, context) {
			const plaintext = openSealed(key, sealed, context);
			if (plaintext === undefined)
				throw failure('The value does not open: it was changed, moved, or sealed by another key.');
			return plaintext;
		},
	};
}

export type MasterKey = { readonly name: string; readonly key: KeyObject };

/** No content and no cause: what failed to open may be an attacker's. */
function failure(message: string): AppError {
	return new AppError('internal', message);
}

function wrapContext(masterName: string, context: string): string {
	return `data-key/${masterName}/${context}`;
}

function splitWrapped(wrapped: Uint8Array): { name: string; sealed: Buffer } {
	const bytes = Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength);
	const end = 1 + (bytes[0] ?? 0);
	return { name: bytes.toString('utf8', 1, end), sealed: bytes.subarray(end) };
}
