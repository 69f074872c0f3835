/**
 * PATCH OF A FOREIGN LIBRARY, in this process only: `libsignal` (a dependency of Baileys).
 *
 * Why: the simulated people sign and verify with the same library as Baileys, and it does so in plain JavaScript, 10 ms a
 * signature. A simulated group would be slower than a real one. Here `verifySignature` and `calculateSignature` become native.
 * The tests run their Baileys clients in another process, unpatched, so that every signature is checked by the original.
 *
 * Also: libsignal prints whole sessions, private ratchet keys included, to the console whenever it opens or closes one.
 * The methods that do so are replaced by the same without the printing.
 *
 * The module must be loaded before Baileys, whose ES modules take their copy of libsignal's functions when they are loaded.
 * Should Baileys be there first, everything still works, at the old speed. Import this file first, for its effect.
 */
import './libsignal-console.ts';
import { createRequire } from 'node:module';
import { publicKeyOf } from './x25519.ts';
import { sign, verify } from './xeddsa.ts';

const load = createRequire(createRequire(import.meta.url).resolve('@whiskeysockets/baileys'));
const curve: CurveModule = load('libsignal/src/curve.js');
const SessionRecord: { prototype: RecordPrototype } = load('libsignal/src/session_record.js');

const KEY_TYPE = 5;
const CLOSED_NEVER = -1;
const MAX_SESSIONS = 40;

curve.verifySignature = (publicKey, message, signature, isInit) =>
	isInit === true ? true : verify(rawKey(publicKey), message, signature);

curve.calculateSignature = (privateKey, message) => sign(privateKey, publicKeyOf(privateKey), message);

SessionRecord.prototype.closeSession = (session) => {
	if (session.indexInfo.closed === CLOSED_NEVER) session.indexInfo.closed = Date.now();
};
SessionRecord.prototype.openSession = (session) => {
	session.indexInfo.closed = CLOSED_NEVER;
};
SessionRecord.prototype.removeOldSessions = function removeOldSessions() {
	const closed = Object.entries(this.sessions).filter(([, entry]) => entry.indexInfo.closed !== CLOSED_NEVER);
	closed.sort(([, one], [, other]) => one.indexInfo.closed - other.indexInfo.closed);
	const surplus = Object.keys(this.sessions).length - MAX_SESSIONS;
	for (const [key] of closed.slice(0, Math.max(0, surplus))) delete this.sessions[key];
};

function rawKey(publicKey: Uint8Array): Uint8Array {
	if (publicKey.length === 33 && publicKey[0] === KEY_TYPE) return publicKey.subarray(1);
	if (publicKey.length === 32) return publicKey;
	throw new Error('Invalid public key');
}

type CurveModule = {
	verifySignature(key: Uint8Array, message: Uint8Array, signature: Uint8Array, isInit?: boolean): boolean;
	calculateSignature(privateKey: Uint8Array, message: Uint8Array): Uint8Array;
};
type Session = { indexInfo: { closed: number } };
type RecordPrototype = {
	sessions: Record<string, Session>;
	closeSession(session: Session): void;
	openSession(session: Session): void;
	removeOldSessions(): void;
};
