import { describeError } from './describe-error.ts';

const redacted = '[redacted]';
const maxDepth = 6;

/** Secret wherever in a name they stand; the shorter ones only as a word of it: `noiseKey`, `set-qr`, not `monkey`. */
const secretPart = /token|secret|passw|passphrase|authorization|cookie|credential|apikey/i;
const secretWords: ReadonlySet<string> = new Set([
	'key',
	'keys',
	'qr',
	'jwt',
	'otp',
	'pat',
	'pairing',
	'private',
	'master',
]);
/** A `tokenId` names a token without being one. */
const harmlessWords: ReadonlySet<string> = new Set(['id', 'ids', 'count', 'name']);

/** A copy of what is logged: secrets gone by the name of their key, bytes as their length, errors as fields. */
export function redact(value: unknown, depth = 0): unknown {
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null) return value;
	if (value instanceof Error) return describeError(value);
	if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
	if (depth >= maxDepth) return '[…]';
	// Dates and URLs say themselves how they are written.
	if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), depth + 1);
	if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
	const entries = Object.entries(value).map(([key, item]) => [
		key,
		isSecret(key, item) ? redacted : redact(item, depth + 1),
	]);
	return Object.fromEntries(entries);
}

/** Credentials that slipped into a text: our own tokens by their prefix, bearer headers, passwords in URLs. */
export function scrub(text: string): string {
	return text.replace(credentials, (_match, prefix: string | undefined, scheme: string | undefined) =>
		scheme === undefined ? `${prefix ?? ''}${redacted}` : `${scheme}${redacted}@`,
	);
}

const credentials = /(cm_pat_|whsec_|bearer )[\w.~+/=-]+|(:\/\/[^\s/:@"\\]*:)[^\s/@"\\]+@/gi;

/** Numbers and booleans under such a name are counts and switches. */
function isSecret(key: string, value: unknown): boolean {
	if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean')
		return false;
	const words = key.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
	if (harmlessWords.has((words.at(-1) ?? '').toLowerCase())) return false;
	return secretPart.test(key) || words.some((word) => secretWords.has(word.toLowerCase()));
}
