import { createHmac } from 'node:crypto';

/** What an authenticator app shows for a secret (RFC 6238; SHA-1, six digits, 30 seconds), `steps` from now. */
export function totpCode(uri: string, steps = 0): string {
	const key = fromBase32(new URL(uri).searchParams.get('secret') ?? '');
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
	const digest = createHmac('sha1', key).update(counter).digest();
	const offset = (digest.at(-1) ?? 0) & 15;
	return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

function fromBase32(text: string): Buffer {
	const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
	const bits = [...text.replace(/=+$/, '')]
		.map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
		.join('');
	return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
