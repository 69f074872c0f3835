import { proto } from '@whiskeysockets/baileys';
import { generateKeyPair, type KeyPair } from '../crypto/x25519.ts';
import { sign } from '../crypto/xeddsa.ts';

const ROOT_SERIAL = 0;

/**
 * The server's long-term Noise key and the certificate chain that the client is shown for it.
 *
 * The chain is self-made: root (nobody's) → intermediate → leaf. Baileys 7.0.0-rc14 requires both certificates, a 64-byte
 * signature on each and `issuerSerial` 0 in the intermediate, but its `Curve.verify` answers true to every signature.
 * Should a later Baileys check them, a chain signed by WhatsApp itself has to be presented here instead.
 */
export type ServerIdentity = { readonly staticKey: KeyPair; readonly certificate: Buffer };

export function createServerIdentity(): ServerIdentity {
	const root = generateKeyPair();
	const intermediate = generateKeyPair();
	const staticKey = generateKeyPair();
	const certificate = proto.CertChain.encode({
		intermediate: certify(root, { serial: 1, issuerSerial: ROOT_SERIAL, key: intermediate.public }),
		leaf: certify(intermediate, { serial: 2, issuerSerial: 1, key: staticKey.public }),
	}).finish();
	return { staticKey, certificate: Buffer.from(certificate) };
}

function certify(
	issuer: KeyPair,
	details: proto.CertChain.NoiseCertificate.IDetails,
): proto.CertChain.INoiseCertificate {
	const encoded = proto.CertChain.NoiseCertificate.Details.encode(details).finish();
	return { details: encoded, signature: sign(issuer.private, issuer.public, encoded) };
}
