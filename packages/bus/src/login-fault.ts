import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { ErrorCode, type NatsConnection, NatsError } from 'nats';
import type { BusLogin } from './connection.ts';

/** Throws where a file of the login cannot be read, and says which. */
export async function assertReadable({ credentialsFile, tls = {} }: BusLogin): Promise<void> {
	const files = {
		NATS_CREDS_FILE: credentialsFile,
		NATS_CA_FILE: tls.caFile,
		NATS_CERT_FILE: tls.certFile,
		NATS_KEY_FILE: tls.keyFile,
	};
	for (const [setting, file] of Object.entries(files)) {
		if (file === undefined) continue;
		await access(file, constants.R_OK).catch((cause: unknown) => {
			throw new Error(
				`${setting} cannot be read: name a file that is there and that this program may read.`,
				{
					cause,
				},
			);
		});
	}
}

/** Why no further try to connect can help, in our own words; undefined where one may. */
export function loginFault(error: Error): Error | undefined {
	if (error instanceof NatsError && error.isAuthError()) return new Error(userRefused, { cause: error });
	const code = 'code' in error ? String(error.code) : '';
	const said = Object.entries(sentences).find(([, codes]) => codes.some((one) => code.startsWith(one)));
	return said === undefined ? undefined : new Error(said[0], { cause: error });
}

export const userRefused =
	'NATS refuses this user: give NATS_USER and NATS_PASSWORD, or NATS_CREDS_FILE, as the server knows them.';

/** Whether a connection that was there once is refused because of who we are. */
export const isUserRefused = (code: string) => refusedCodes.includes(code);

const refusedCodes: readonly string[] = [
	ErrorCode.AuthorizationViolation,
	ErrorCode.AuthenticationExpired,
	ErrorCode.AccountExpired,
];

/** Throws where the server cannot do what we ask: before 2.10 a consumer cannot filter on several subjects. */
export function assertNewEnough({ info }: NatsConnection): void {
	const version = info?.version ?? 'unknown';
	const [major = 0, minor = 0] = version.split('.').map(Number);
	if (major > 2 || (major === 2 && minor >= 10)) return;
	throw new Error(
		`NATS is too old (${version}): it must be 2.10 or newer. Update nats-server, then start again.`,
	);
}

/** What may lie behind an error that a further try could cure, where it says too little by itself. */
export function loginHint(error: Error): string | undefined {
	return error instanceof NatsError && error.code === ErrorCode.Timeout
		? 'it was silent; it may want a certificate (NATS_CERT_FILE, NATS_KEY_FILE) that its own authority signed'
		: undefined;
}

/** Sentence → codes of Node, of OpenSSL and of the client. */
const sentences: Readonly<Record<string, readonly string[]>> = {
	'The certificate of NATS was not signed by the authority in NATS_CA_FILE (without one, by none that Node knows): name the file of the authority that did.':
		[
			'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
			'UNABLE_TO_GET_ISSUER_CERT',
			'SELF_SIGNED_CERT_IN_CHAIN',
			'DEPTH_ZERO_SELF_SIGNED_CERT',
			'CERT_SIGNATURE_FAILURE',
		],
	'The certificate of NATS is not made out to the name in NATS_URL: name NATS as its certificate does.': [
		'ERR_TLS_CERT_ALTNAME_INVALID',
	],
	'The certificate of NATS is not valid at this time: renew it, or set the clock.': [
		'CERT_HAS_EXPIRED',
		'CERT_NOT_YET_VALID',
	],
	'NATS does not speak TLS, and NATS_CA_FILE asks for it: turn TLS on there, or take the setting away.': [
		ErrorCode.ServerOptionNotAvailable,
	],
	'The files of NATS_CA_FILE, NATS_CERT_FILE and NATS_KEY_FILE are not a certificate and its key as PEM.': [
		'ERR_OSSL_',
		ErrorCode.Tls,
	],
};
