import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** Postgres' own default. */
const iterations = 4096;

/**
 * What Postgres stores for a password (RFC 5802, in the form of `pg_authid.rolpassword`), computed here so that the password
 * itself is in no statement. Printable ASCII only: SASLprep leaves that alone.
 */
export function scramVerifier(password: string): string {
	if (!/^[ -~]+$/.test(password)) throw new Error('A database password must be printable ASCII.');
	const salt = randomBytes(16);
	const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
	const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
	const serverKey = hmac(salted, 'Server Key').toString('base64');
	return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function hmac(key: Buffer, text: string): Buffer {
	return createHmac('sha256', key).update(text).digest();
}
