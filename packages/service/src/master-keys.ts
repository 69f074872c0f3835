import { createSecretKey } from 'node:crypto';
import { z } from 'zod';
import type { MasterKey } from './envelope.ts';

const keyBytes = 32;

/**
 * The setting that holds the master keys: `k2:BASE64,k1:BASE64`, 32 bytes each, the newest first.
 */
export const MasterKeys = z
	.string()
	.transform((text, context): MasterKey[] => {
		const keys = text.split(',').map((entry) => parseMasterKey(entry.trim()));
		const names = new Set(keys.map((key) => key?.name));
		if (keys.includes(undefined))
			context.addIssue('must be name:BASE64 pairs of 32 bytes each, separated by commas, like k2:…,k1:…');
		else if (names.size < keys.length) context.addIssue('names a master key twice');
		return keys.filter((key) => key !== undefined);
	})
	.meta({
		secret: true,
		example: 'k1:0v2h1u…=',
		make: 'echo "k1:$(openssl rand -base64 32)"',
	});

function parseMasterKey(entry: string): MasterKey | undefined {
	const [, name, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]+={0,2})$/.exec(entry) ?? [];
	if (name === undefined || encoded === undefined) return undefined;
	const bytes = Buffer.from(encoded, 'base64');
	return bytes.length === keyBytes ? { name, key: createSecretKey(bytes) } : undefined;
}
