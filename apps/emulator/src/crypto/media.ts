import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** What a file is; its keys are derived under this name. */
export type MediaKind = 'Image' | 'Video' | 'Audio' | 'Document' | 'History' | 'App State';

const MAC_BYTES = 10;

/**
 * A file as it is uploaded: AES-256-CBC, then the first ten bytes of an HMAC over IV and ciphertext. Keys and IV come from a
 * random media key of 32 bytes, which travels in the message.
 */
export type SealedMedia = {
	readonly mediaKey: Buffer;
	readonly content: Buffer;
	readonly fileSha256: Buffer;
	readonly fileEncSha256: Buffer;
	readonly fileLength: number;
};

export function sealMedia(plain: Uint8Array, kind: MediaKind): SealedMedia {
	const mediaKey = randomBytes(32);
	const { iv, cipherKey, macKey } = keysOf(mediaKey, kind);
	const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
	const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
	const content = Buffer.concat([sealed, macOf(macKey, iv, sealed)]);
	return {
		mediaKey,
		content,
		fileSha256: sha256(plain),
		fileEncSha256: sha256(content),
		fileLength: plain.length,
	};
}

/** Opens a file. Throws when it was changed on the way. */
export function openMedia(content: Buffer, mediaKey: Uint8Array, kind: MediaKind): Buffer {
	const { iv, cipherKey, macKey } = keysOf(mediaKey, kind);
	const sealed = content.subarray(0, -MAC_BYTES);
	if (!macOf(macKey, iv, sealed).equals(content.subarray(-MAC_BYTES))) {
		throw new Error('The file is not the one that was sent.');
	}
	const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
	return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

function keysOf(mediaKey: Uint8Array, kind: MediaKind) {
	const info = `WhatsApp ${kind} Keys`;
	const expanded = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(0), info, 112));
	return {
		iv: expanded.subarray(0, 16),
		cipherKey: expanded.subarray(16, 48),
		macKey: expanded.subarray(48, 80),
	};
}

function macOf(key: Buffer, iv: Buffer, sealed: Buffer): Buffer {
	return createHmac('sha256', key).update(iv).update(sealed).digest().subarray(0, MAC_BYTES);
}

function sha256(data: Uint8Array): Buffer {
	return createHash('sha256').update(data).digest();
}
