import { z } from 'zod';
import { Instant, SubjectToken, UserId } from '../ids.ts';
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
] as const;
export const DeviceState = z.enum(deviceStates);
export type DeviceState = z.infer<typeof DeviceState>;

const Device = z.object({
	state: DeviceState,
	network: z.enum(networks).nullable(),
	/** The text of the QR code to scan, while linking. */
	qr: z.string().nullable(),
	qrExpiresAt: Instant.nullable(),
	phone: z.string().nullable(),
	/** What to do next, in plain words. */
	advice: z.string(),
});

const linked = {
	state: 'connected' as const,
	network: 'whatsapp' as const,
	qr: null,
	qrExpiresAt: null,
	phone: '+15551234567',
	advice: 'Your device is connected.',
};

/** Answered by any connector, from the devices' own table: they must work while nobody holds the socket. */
export const devices = {
	get: operation({
		summary: 'The state of your linked WhatsApp device, and the QR code while it is being linked.',
		scope: 'device:write',
		input: z.strictObject({}),
		output: Device,
		example: { input: {}, output: linked },
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
	}),
	link: operation({
		summary: 'Begin to link a WhatsApp device: a QR code appears in the state of the device.',
		scope: 'device:write',
		input: z.strictObject({
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
	}),
};

/** Answered by the connector that holds the socket. */
export const sessions = {
	logout: internalOperation({
		summary: 'Make WhatsApp forget the device, so that the phone no longer lists it.',
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
