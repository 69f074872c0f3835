import { generateKeyPair, generateKeyPairSync } from 'node:crypto';

/** As libsignal has them: the public key with its type (5) in front, the private one bare. */
export type KeyPair = { pubKey: Buffer; privKey: Buffer };

/** A new link asks for 812 one-time keys in one go. */
const readyPairs = 1_000;
/** How many are made at a time on the threads of libuv, which others need too. */
const batch = 16;
const publicHeadBytes = 12;
const privateHeadBytes = 16;
const keyType = Buffer.of(5);
const publicKeyEncoding = { format: 'der', type: 'spki' } as const;
const privateKeyEncoding = { format: 'der', type: 'pkcs8' } as const;

export type KeyPairs = {
	/** A fresh pair, at once. */
	take(): KeyPair;
	/** Resolves when so many are ready that none has to be made while somebody waits. */
	filled(): Promise<void>;
};

/**
 * X25519 key pairs, made ahead on other threads, so that linking a device does not hold up everybody else's messages: made one
 * after the other where they are needed, the 812 of a new link stall the process for a tenth of a second and more. Where many
 * link at once and none is ready, they are made as libsignal makes them.
 */
export function createKeyPairs(size = readyPairs): KeyPairs {
	const ready: KeyPair[] = [];
	let filling: Promise<void> | undefined;

	async function fill(): Promise<void> {
		while (ready.length < size) {
			const made = await Promise.all(Array.from({ length: batch }, generate));
			ready.push(...made);
		}
	}

	function filled(): Promise<void> {
		filling ??= fill().finally(() => {
			filling = undefined;
		});
		return filling;
	}

	return {
		filled,
		take() {
			const pair = ready.pop() ?? generateNow();
			// A failure to make them ahead is one to make them now, and is told there.
			if (ready.length < size / 2) filled().catch(() => {});
			return pair;
		},
	};
}

function generateNow(): KeyPair {
	return toPair(generateKeyPairSync('x25519', { publicKeyEncoding, privateKeyEncoding }));
}

function generate(): Promise<KeyPair> {
	return new Promise((resolve, reject) => {
		generateKeyPair(
			'x25519',
			{ publicKeyEncoding, privateKeyEncoding },
			(error, publicKey: Buffer, privateKey: Buffer) => {
				if (error === null) resolve(toPair({ publicKey, privateKey }));
				else reject(error);
			},
		);
	});
}

/** The head of the DER encoding is the same for every key (RFC 8410). */
function toPair({ publicKey, privateKey }: { publicKey: Buffer; privateKey: Buffer }): KeyPair {
	return {
		pubKey: Buffer.concat([keyType, publicKey.subarray(publicHeadBytes)]),
		privKey: Buffer.from(privateKey.subarray(privateHeadBytes)),
	};
}
