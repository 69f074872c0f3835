import { createHash, randomBytes } from 'node:crypto';

/** What a personal access token begins with, so that scanners and people recognise a leaked one. */
const tokenPrefix = 'cm_pat_';
const tokenShape = /^cm_pat_[A-Za-z0-9_-]{43}$/;

/** 256 random bits. Nothing is kept of it but its hash and the beginning by which its owner recognises it. */
export function createTokenSecret(): { token: string; hash: Buffer; prefix: string } {
	const token = `${tokenPrefix}${randomBytes(32).toString('base64url')}`;
	return { token, hash: hashToken(token), prefix: token.slice(0, tokenPrefix.length + 4) };
}

/** A plain hash is enough: the token is random, there is nothing to guess. */
export function hashToken(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}

/** Whether it can be one of ours at all; what cannot need not be looked up. */
export function isTokenShaped(text: string): boolean {
	return tokenShape.test(text);
}
