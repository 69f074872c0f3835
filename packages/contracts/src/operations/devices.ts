import { z } from 'zod';
import { Instant, Phone, SubjectToken, UserId } from '../ids.ts';
import { internalOperation, operation } from '../operation.ts';

export const networks = ['whatsapp', 'simulated'] as const;

/** The states of a device as its person sees them. */
const deviceStates = [
	'unlinked',
	'linking',
	'connecting',
	'connected',
	'reconnecting',
	'offline',
	'replaced',
	'logged_out',
	'restricted',
	'passkey_required',
] as const;
export const DeviceState = z.enum(deviceStates);
export type DeviceState = z.infer<typeof DeviceState>;

/** Why a device is in its state, where the state alone does not say what to do. */
const deviceReasons = [
	/** Nobody scanned the QR code, or typed the code, while it was shown. */
	'qr_expired',
	'code_expired',
	/** A code was typed and WhatsApp did not link with it, or it gave none. */
	'code_refused',
	/** WhatsApp could not be reached, or broke off again and again, while linking. */
	'unreachable',
	/** WhatsApp asks to wait before the next attempt; `retryAt` says until when. */
	'asked_to_wait',
	'removed_on_phone',
	/** WhatsApp no longer knows the link. */
	'link_void',
	'unlinked_here',
	'banned',
	'banned_for_a_while',
	/** WhatsApp refuses this version of the program. */
	'client_too_old',
] as const;
export const DeviceReason = z.enum(deviceReasons);
export type DeviceReason = z.infer<typeof DeviceReason>;

/** How a device is linked: by scanning a QR code, or by typing a code into the phone. */
export const linkMethods = ['qr', 'code'] as const;

const Device = z.object({
	state: DeviceState,
	network: z.enum(networks).nullable(),
	/** The text of the QR code to scan, while linking. */
	qr: z.string().nullable(),
	qrExpiresAt: Instant.nullable(),
	/** The code to type into the phone (8 letters and digits), while linking by code. */
	code: z.string().nullable(),
	codeExpiresAt: Instant.nullable(),
	phone: z.string().nullable(),
	reason: DeviceReason.nullable().meta({ description: 'Why it is in this state, where that needs saying' }),
	retryAt: Instant.nullable().meta({ description: 'When WhatsApp is asked again; null unless it must wait' }),
	/** What to do next, in plain words. */
	advice: z.string(),
});

const linked = {
	state: 'connected' as const,
	network: 'whatsapp' as const,
	qr: null,
	qrExpiresAt: null,
	code: null,
	codeExpiresAt: null,
	phone: '+15551234567',
	reason: null,
	retryAt: null,
	advice: 'Your device is connected.',
};

/** Answered by any connector, from the devices' own table: they must work while nobody holds the socket. */
export const devices = {
	get: operation({
		summary: 'The state of your linked WhatsApp device, and what to scan or type while it is being linked.',
		scope: 'device:write',
		input: z.strictObject({}),
		output: Device,
		example: { input: {}, output: linked },
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
	}),
	link: operation({
		summary:
			'Begin to link a WhatsApp device: a QR code, or a code to type, appears in the state of the device.',
		description:
			'Repeat it to link in another way; a code that has expired, or did not work, is asked for again in the same way.',
		scope: 'device:write',
		input: z.strictObject({
			method: z.enum(linkMethods).default('qr').meta({
				description: 'qr: scan a code with the phone; code: type one into it, which needs its number',
			}),
			phone: Phone.optional().meta({
				description: 'The number of the phone, in international format; only for method code',
			}),
			network: z.enum(networks).default('whatsapp').meta({
				description: 'The real WhatsApp, or the simulated network where the installation offers it',
			}),
		}),
		output: Device,
		example: {
			input: {},
			output: { ...linked, state: 'linking', phone: null, advice: 'Scan the QR code with your phone.' },
		},
		errors: ['already_linked'],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'device',
	}),
	unlink: operation({
		summary: 'Unlink your WhatsApp device and destroy its credentials here.',
		scope: 'device:write',
		input: z.strictObject({}),
		output: Device,
		example: {
			input: {},
			output: { ...linked, state: 'unlinked', network: null, phone: null, advice: 'Link a device to begin.' },
		},
		errors: [],
		timeoutMs: 20_000,
		idempotent: true,
		changes: 'device',
	}),
};

/** Answered by the connector that holds the socket. */
export const sessions = {
	logout: internalOperation({
		summary: 'Make WhatsApp forget the device, so that the phone no longer lists it.',
		callers: ['connector'],
		input: z.strictObject({ userId: UserId }),
		output: z.object({}),
		example: { input: { userId: 'u1' }, output: {} },
		errors: ['device_offline'],
		timeoutMs: 5_000,
		idempotent: true,
	}),
};

/** Answered by any connector, for services with content rights. */
export const eventKeys = {
	get: internalOperation({
		summary: 'The key with which the text in the events of a user is sealed.',
		callers: ['storage', 'webhooks'],
		input: z.strictObject({ userId: UserId, keyId: SubjectToken }),
		output: z.object({ key: z.base64() }),
		example: {
			input: { userId: 'u1', keyId: 'k1' },
			output: { key: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
		},
		errors: ['device_not_linked'],
		timeoutMs: 5_000,
		idempotent: true,
	}),
};
