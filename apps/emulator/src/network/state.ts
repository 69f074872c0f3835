import { z } from 'zod';

/**
 * Everything the simulated network knows, as plain JSON: accounts with their linked devices and queues, and groups.
 * The schema is the definition of the types and at the same time the check of a state file. Bytes are base64 text.
 */
const publicPreKeySchema = z.object({ id: z.number().int().nonnegative(), value: z.base64() });
const signedPreKeySchema = publicPreKeySchema.extend({ signature: z.base64() });

/** One stanza that a device has not acknowledged yet. The fields beside `stanza` are what acknowledgements match on. */
const queuedSchema = z.object({
	tag: z.enum(['message', 'notification', 'receipt']),
	id: z.string(),
	from: z.string(),
	participant: z.string().optional(),
	type: z.string().optional(),
	/** The stanza, encoded as on the wire. */
	stanza: z.base64(),
});

const deviceSchema = z.object({
	/** 1 to 255; never given to another device of the account again. */
	id: z.number().int().min(1).max(255),
	keyIndex: z.number().int().min(1),
	noiseKey: z.base64(),
	identity: z.base64(),
	registrationId: z.number().int().nonnegative(),
	signedPreKey: signedPreKeySchema,
	preKeys: z.array(publicPreKeySchema),
	queue: z.array(queuedSchema),
	linkedAtMs: z.number(),
	/** The phone has sent it the initial history. */
	welcomed: z.boolean(),
});

const accountSchema = z.object({
	/** Digits only, without a plus. */
	phone: z.string().regex(/^[0-9]{5,15}$/),
	/** The hidden id, digits only. */
	lid: z.string().regex(/^[0-9]{5,20}$/),
	pushName: z.string(),
	nextDeviceId: z.number().int().min(1),
	devices: z.array(deviceSchema),
	/** Who has asked for this account's list of devices, and so has to hear of changes: `phone:device:pn|lid`. */
	watchers: z.array(z.string()),
});

const participantSchema = z.object({
	lid: z.string(),
	role: z.enum(['member', 'admin', 'superadmin']),
});

const groupSchema = z.object({
	/** Digits, without `@g.us`. */
	id: z.string(),
	subject: z.string(),
	subjectOwner: z.string(),
	subjectAtMs: z.number(),
	creator: z.string(),
	createdAtMs: z.number(),
	participants: z.array(participantSchema),
	description: z.object({ id: z.string(), body: z.string(), owner: z.string(), atMs: z.number() }).optional(),
	announce: z.boolean(),
	locked: z.boolean(),
	memberAddMode: z.enum(['admin_add', 'all_member_add']),
	ephemeralSeconds: z.number().int().nonnegative(),
	inviteCode: z.string(),
	revokedInviteCodes: z.array(z.string()),
});

export const networkSchema = z.object({
	accounts: z.array(accountSchema),
	groups: z.array(groupSchema),
	/** Counts everything that needs an id of its own: groups, notifications. */
	sequence: z.number().int().nonnegative(),
});

export type PublicPreKey = z.infer<typeof publicPreKeySchema>;
export type SignedPreKey = z.infer<typeof signedPreKeySchema>;
export type Queued = z.infer<typeof queuedSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type Account = z.infer<typeof accountSchema>;
export type Participant = z.infer<typeof participantSchema>;
export type Role = Participant['role'];
export type Group = z.infer<typeof groupSchema>;
export type NetworkSnapshot = z.infer<typeof networkSchema>;

/** What others need to start a session with a device. */
export type KeyBundle = {
	readonly registrationId: number;
	readonly identity: string;
	readonly signedPreKey: SignedPreKey;
	/** A one-time key; a session can do without. */
	readonly preKey?: PublicPreKey;
};

/** The state at work: the same objects, found by key. */
export type Network = {
	readonly accounts: Map<string, Account>;
	readonly phoneByLid: Map<string, string>;
	readonly groups: Map<string, Group>;
	sequence: number;
};

export function createNetwork(snapshot?: NetworkSnapshot): Network {
	const accounts = snapshot?.accounts ?? [];
	const groups = snapshot?.groups ?? [];
	return {
		accounts: new Map(accounts.map((account) => [account.phone, account])),
		phoneByLid: new Map(accounts.map((account) => [account.lid, account.phone])),
		groups: new Map(groups.map((group) => [group.id, group])),
		sequence: snapshot?.sequence ?? 0,
	};
}

export function snapshotNetwork(network: Network): NetworkSnapshot {
	return {
		accounts: [...network.accounts.values()],
		groups: [...network.groups.values()],
		sequence: network.sequence,
	};
}
