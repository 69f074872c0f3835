import { z } from 'zod';
import { readSchema, receiptSchema } from '../phone/notebook.ts';

/** The vocabulary of the admin API. Unknown fields are refused, so that a misspelt one is noticed. */
export const none = z.strictObject({}).optional();
export const phone = z
	.string()
	.regex(/^[0-9]{5,15}$/, 'must be a number of 5 to 15 digits and nothing else')
	.meta({ example: '15550001111' });
export const groupId = z
	.string()
	.regex(/^[0-9]+(@g\.us)?$/, 'must be a group id, digits with or without @g.us')
	.meta({ example: '120363000000000001@g.us' });
export const deviceJid = z
	.string()
	.regex(
		/^[0-9]+:[0-9]{1,3}@(s\.whatsapp\.net|lid)$/,
		'must be an address of a device, like 15550001111:1@s.whatsapp.net',
	);
export const pushName = z.string().min(1).max(100);
export const subject = z.string().min(1).max(100);
export const messageId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'must have 1 to 64 letters and digits');
export const pairingCode = z
	.string()
	.regex(/^[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}$/, 'must be 8 letters and digits')
	.meta({ example: 'ABCD-1234' });
export const text = z.string().min(1).max(65_536);
/** A group, or a person by number. */
export const chat = z.union([phone, groupId]);
export const qr = z.string().min(1, 'must be the text of a QR code').max(4096);

export const account = z.object({
	phone,
	jid: z.string(),
	lid: z.string(),
	pushName: z.string(),
	about: z.string(),
	privacy: z.record(z.string(), z.string()).readonly(),
	contacts: z.array(z.string()).readonly(),
	blocked: z.array(z.string()).readonly(),
	hasPicture: z.boolean(),
	reads: z.boolean(),
	devices: z.array(z.string()).readonly(),
});
export const group = z.object({
	id: z.string(),
	subject: z.string(),
	description: z.string().optional(),
	announce: z.boolean(),
	locked: z.boolean(),
	memberAddMode: z.enum(['admin_add', 'all_member_add']),
	ephemeralSeconds: z.number().int(),
	addressing: z.enum(['lid', 'pn']),
	approval: z.boolean(),
	requests: z.array(z.string()).readonly(),
	hasPicture: z.boolean(),
	inviteCode: z.string(),
	participants: z
		.array(z.object({ phone: z.string(), lid: z.string(), role: z.enum(['member', 'admin', 'superadmin']) }))
		.readonly(),
});
export const outcome = z.object({
	phone: z.string(),
	code: z.number().int(),
	invite: z.object({ code: z.string(), expiresAtMs: z.number() }).optional(),
});
export const jpeg = z
	.base64()
	.min(1)
	.max(1_000_000)
	.transform((text) => Buffer.from(text, 'base64'));
export const device = z.object({
	jid: z.string(),
	lid: z.string(),
	phone: z.string(),
	online: z.boolean(),
	queueLength: z.number().int(),
	preKeys: z.number().int(),
});
export const session = z.object({
	jid: z.string(),
	beganAtMs: z.number(),
	endedAtMs: z.number().nullable(),
	end: z.enum(['closed', 'replaced']).nullable(),
});
export const queued = z.object({
	tag: z.enum(['message', 'notification', 'receipt']),
	id: z.string(),
	from: z.string(),
	participant: z.string().optional(),
	type: z.string().optional(),
});
export const message = readSchema;
export const receipt = receiptSchema;
export const linked = z.object({ phone: z.string(), jid: z.string(), lid: z.string() });
