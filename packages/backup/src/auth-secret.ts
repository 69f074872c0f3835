import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** A slow digest: a backup must not help to guess a secret that somebody thought up. */
const cost = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const digestBytes = 32;

export function digestSecret(secret: string): { salt: string; digest: string } {
	const salt = randomBytes(16);
	return { salt: salt.toString('base64'), digest: digest(secret, salt).toString('base64') };
}

export function isSecret(secret: string, stored: { salt: string; digest: string }): boolean {
	const wanted = Buffer.from(stored.digest, 'base64');
	return (
		wanted.length === digestBytes &&
		timingSafeEqual(digest(secret, Buffer.from(stored.salt, 'base64')), wanted)
	);
}

function digest(secret: string, salt: Buffer): Buffer {
	return scryptSync(secret, salt, digestBytes, cost);
}
