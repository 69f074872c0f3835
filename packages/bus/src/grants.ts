import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { AppError, Grant } from '@chat-manager/contracts';

/** Signs grants (the gateway alone) as `base64url(json).base64url(ed25519 signature)`. */
export type GrantSigner = (grant: Grant) => string;
/** Reads and verifies a signed grant; throws `unauthenticated` on anything else, `timeout` past its deadline. */
export type GrantVerifier = (signed: string, now: number) => Grant;

/** @param privateKey PKCS#8 DER in base64, from `createGrantKeys`. */
export function createGrantSigner(privateKey: string): GrantSigner {
	const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
	return (grant) => {
		const payload = Buffer.from(JSON.stringify(grant));
		return `${payload.toString('base64url')}.${sign(null, payload, key).toString('base64url')}`;
	};
}

/** How many verified grants are remembered: about 1 kB each. */
const maxVerified = 2_000;

/** @param publicKey SPKI DER in base64, from `createGrantKeys`. */
export function createGrantVerifier(publicKey: string): GrantVerifier {
	const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
	/** What was verified before: reads of one caller carry the same grant for some seconds. The oldest goes first. */
	const verified = new Map<string, Grant>();

	function read(signed: string): Grant {
		const [payload = '', signature = ''] = signed.split('.');
		const bytes = Buffer.from(payload, 'base64url');
		if (!verify(null, bytes, key, Buffer.from(signature, 'base64url'))) throw refused();
		const grant = Grant.safeParse(JSON.parse(bytes.toString()));
		if (!grant.success) throw refused(grant.error);
		verified.set(signed, grant.data);
		const [oldest] = verified.keys();
		if (verified.size > maxVerified && oldest !== undefined) verified.delete(oldest);
		return grant.data;
	}

	return (signed, now) => {
		const grant = verified.get(signed) ?? read(signed);
		if (now >= grant.deadline) {
			verified.delete(signed);
			throw new AppError('timeout', 'The request ran out of time and nothing was done. Try again.');
		}
		return grant;
	};
}

export function createGrantKeys(): { privateKey: string; publicKey: string } {
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	return {
		privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
		publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
	};
}

function refused(cause?: unknown): AppError {
	return new AppError('unauthenticated', 'The request carries no valid grant.', { cause });
}
