import {
	browserSupportsWebAuthn,
	type PublicKeyCredentialCreationOptionsJSON,
	type PublicKeyCredentialRequestOptionsJSON,
	startAuthentication,
	startRegistration,
	WebAuthnError,
} from '@simplewebauthn/browser';
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { get } from './people.ts';
import { post } from './post.ts';

const Passkey = z.object({
	id: z.string(),
	name: z.string().nullish(),
	createdAt: z.string().nullish(),
	/** Whether it is kept by a service that brings it to other devices. */
	backedUp: z.boolean(),
});
export type Passkey = z.infer<typeof Passkey>;

export const passkeysQuery = queryOptions({
	queryKey: ['passkeys'],
	queryFn: ({ signal }) => get('/api/auth/passkey/list-user-passkeys', z.array(Passkey), signal),
});

/** The browser does not let a person use passkeys on a plain address other than localhost. */
export function canUsePasskeys(): boolean {
	return browserSupportsWebAuthn() && globalThis.isSecureContext;
}

/** Whether the person closed the browser's own window, or let it be for too long: nothing happened. */
export function wasCalledOff(error: unknown): boolean {
	return (
		(error instanceof WebAuthnError && error.code === 'ERROR_CEREMONY_ABORTED') ||
		(error instanceof Error && error.name === 'NotAllowedError')
	);
}

// The browser reads the options, and is the one that knows what may stand in them.
const Options = z.looseObject({ challenge: z.string() });

export async function addPasskey(name: string): Promise<void> {
	const options: unknown = await get('/api/auth/passkey/generate-register-options', Options);
	const response = await startRegistration({
		optionsJSON: options as PublicKeyCredentialCreationOptionsJSON,
	});
	await post('/api/auth/passkey/verify-registration', { response: bare(response), name });
}

/** Signs in, or says once more who one is: either way with a session that is new. */
export async function enterWithPasskey(): Promise<void> {
	const options: unknown = await get('/api/auth/passkey/generate-authenticate-options', Options);
	const response = await startAuthentication({
		optionsJSON: {
			...(options as PublicKeyCredentialRequestOptionsJSON),
			// It stands for password and second factor in one, so somebody has to be asked.
			userVerification: 'required',
		},
	});
	await post('/api/auth/passkey/verify-authentication', { response: bare(response) });
}

export async function deletePasskey(id: string): Promise<void> {
	await post('/api/auth/passkey/delete-passkey', { id });
}

/** What the server takes of a credential, and nothing that a browser may add. */
function bare({ id, rawId, type, response, clientExtensionResults, authenticatorAttachment }: Credential) {
	return { id, rawId, type, response, clientExtensionResults, authenticatorAttachment };
}

type Credential = {
	id: string;
	rawId: string;
	type: string;
	response: object;
	clientExtensionResults: object;
	authenticatorAttachment?: string;
};
