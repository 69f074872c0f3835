import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate with its key, as PEM files. */
export type Identity = { certFile: string; keyFile: string };

/** A certificate authority of a test: everything that it signs lies in its folder. */
export async function createAuthority(folder: string, name: string) {
	const own = await makeKeys();
	const authority = await x509.X509CertificateGenerator.createSelfSigned({
		...serial(),
		...anHour(),
		name: `CN=${name}`,
		keys: own,
		signingAlgorithm: algorithm,
		extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
	});
	const caFile = join(folder, `${name}-ca.pem`);
	await writeFile(caFile, authority.toString('pem'));
	return {
		caFile,
		/** Its own certificate as that of a server. */
		itself: (): Promise<Identity> => write(name, authority, own),
		/** For a server under these names and addresses, or for a client. */
		async sign(
			subject: string,
			purpose: 'serverAuth' | 'clientAuth',
			names: readonly string[] = [],
			valid: Validity = anHour(),
		): Promise<Identity> {
			const keys = await makeKeys();
			const certificate = await x509.X509CertificateGenerator.create({
				...serial(),
				...valid,
				subject: `CN=${subject}`,
				issuer: authority.subject,
				publicKey: keys.publicKey,
				signingKey: own.privateKey,
				signingAlgorithm: algorithm,
				extensions: [
					new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[purpose]]),
					new x509.SubjectAlternativeNameExtension(
						names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
					),
				],
			});
			return write(`${name}-${subject}`, certificate, keys);
		},
	};

	async function write(
		file: string,
		certificate: x509.X509Certificate,
		keys: webcrypto.CryptoKeyPair,
	): Promise<Identity> {
		const identity = { certFile: join(folder, `${file}.pem`), keyFile: join(folder, `${file}-key.pem`) };
		const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
		await writeFile(identity.certFile, certificate.toString('pem'));
		await writeFile(identity.keyFile, x509.PemConverter.encode(key, 'PRIVATE KEY'), { mode: 0o600 });
		return identity;
	}
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
	return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function serial() {
	return { serialNumber: Math.random().toString(16).slice(2, 14).padStart(12, '1') };
}

type Validity = { notBefore: Date; notAfter: Date };

/** Around now. */
function anHour(): Validity {
	const now = Date.now();
	return { notBefore: new Date(now - 1_800_000), notAfter: new Date(now + 1_800_000) };
}
