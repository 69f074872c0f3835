/** What is wrong with the certificate of Postgres, in our own words; undefined when that is not what failed. */
export function certificateFault(error: Error): Error | undefined {
	const code = 'code' in error ? String(error.code) : '';
	const sentence = sentences[code] ?? (noTls.test(error.message) ? withoutTls : undefined);
	return sentence === undefined ? undefined : new Error(sentence, { cause: error });
}

/** For whoever connects and does not wait: throws that, and what else failed as it came. */
export function throwCertificateFault(error: Error): never {
	throw certificateFault(error) ?? error;
}

const notSigned =
	'The certificate of Postgres was not signed by the authority in sslrootcert of DATABASE_URL (without one, by none that Node knows): name the file of the authority that did.';
const withoutTls =
	'Postgres does not speak TLS, and sslmode in DATABASE_URL asks for it: turn TLS on there, or take the parameter away.';

const sentences: Readonly<Record<string, string>> = {
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: notSigned,
	UNABLE_TO_GET_ISSUER_CERT: notSigned,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notSigned,
	SELF_SIGNED_CERT_IN_CHAIN: notSigned,
	DEPTH_ZERO_SELF_SIGNED_CERT: notSigned,
	CERT_SIGNATURE_FAILURE: notSigned,
	ERR_TLS_CERT_ALTNAME_INVALID:
		'The certificate of Postgres is not made out to the name in DATABASE_URL: name Postgres as its certificate does.',
	CERT_HAS_EXPIRED: 'The certificate of Postgres is not valid at this time: renew it, or set the clock.',
};

/** Of pg, which has no code for it. */
const noTls = /does not support SSL/;
