import { createHash, randomBytes } from 'node:crypto';

/**
 * Files that people send each other, as they come: encrypted. Kept in memory, and forgotten oldest first when there are too
 * many; a restart of the process forgets them all, as WhatsApp does after some weeks.
 */
export type MediaStore = {
	/** Name and port under which clients reach the files, over TLS. */
	host(): string;
	/** Handed to clients, and asked for with each upload. */
	readonly auth: string;
	/** Takes a file in. Returns the path under which it is served. */
	put(content: Buffer): string;
	get(path: string): Buffer | undefined;
};

const MAX_BYTES = 512 * 1024 * 1024;

export function createMediaStore(host: () => string): MediaStore {
	const files = new Map<string, Buffer>();
	let bytes = 0;
	return {
		host,
		auth: randomBytes(24).toString('base64url'),
		put(content) {
			const path = `/o1/v/${randomBytes(12).toString('hex')}.enc`;
			files.set(path, content);
			bytes += content.length;
			for (const [oldest, file] of files) {
				if (bytes <= MAX_BYTES || oldest === path) break;
				files.delete(oldest);
				bytes -= file.length;
			}
			return path;
		},
		get: (path) => files.get(path),
	};
}

/** The name a client gives to an upload: the SHA-256 of what it sends. */
export function uploadToken(content: Buffer): string {
	return createHash('sha256').update(content).digest('base64url');
}
