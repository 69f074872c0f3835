import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import {
	bitString,
	generalizedTime,
	integer,
	objectIdentifier,
	octetString,
	sequence,
	set,
	tagged,
	utf8String,
} from './der.ts';

/** A private key and its certificate, both PEM. */
export const tlsIdentitySchema = z.object({ key: z.string(), certificate: z.string() });
export type TlsIdentity = z.infer<typeof tlsIdentitySchema>;

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const VERSION_3 = tagged(0xa0, integer(Buffer.from([2])));
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const EXTENSIONS = 0xa3;
const VALID_YEARS = 10;

/**
 * A certificate (X.509 v3, RFC 5280) for the given names and addresses, signed with its own key. It is no authority: a client
 * that trusts it trusts this server, and nothing that anybody could sign with it.
 */
export function createTlsIdentity(names: readonly string[], now: Date): TlsIdentity {
	const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const name = sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String('Chat Manager emulator'))));
	const validity = sequence(
		generalizedTime(yearsFrom(now, -1)),
		generalizedTime(yearsFrom(now, VALID_YEARS)),
	);
	const extensions = sequence(
		extension(SUBJECT_ALTERNATIVE_NAME, sequence(...names.map(alternativeName))),
		extension(EXTENDED_KEY_USAGE, sequence(objectIdentifier(SERVER_AUTH))),
	);
	const details = sequence(
		VERSION_3,
		integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
		ECDSA_WITH_SHA256,
		name,
		validity,
		name,
		publicKey.export({ format: 'der', type: 'spki' }),
		tagged(EXTENSIONS, extensions),
	);
	const signature = sign('sha256', details, privateKey);
	return {
		key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
		certificate: pem(sequence(details, ECDSA_WITH_SHA256, bitString(signature))),
	};
}

function extension(id: string, value: Buffer): Buffer {
	return sequence(objectIdentifier(id), octetString(value));
}

function alternativeName(name: string): Buffer {
	return isIP(name) === 0 ? tagged(DNS_NAME, Buffer.from(name)) : tagged(IP_ADDRESS, addressBytes(name));
}

function addressBytes(address: string): Buffer {
	if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
	const [head = '', tail] = address.split('::');
	const words = (part: string | undefined) => (part ? part.split(':') : []);
	const missing = tail === undefined ? 0 : 8 - words(head).length - words(tail).length;
	const all = [...words(head), ...Array.from({ length: missing }, () => '0'), ...words(tail)];
	return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex');
}

function yearsFrom(date: Date, years: number): Date {
	const moved = new Date(date);
	moved.setUTCFullYear(moved.getUTCFullYear() + years);
	return moved;
}

function pem(der: Buffer): string {
	const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
