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
	/** What it calls itself, "Chrome (Mac OS)" for example. */
	client: z.string().default(''),
	/** The phone has sent it the initial history. */
	welcomed: z.boolean(),
});

const pictureSchema = z.object({ id: z.string(), jpeg: z.base64() });

/** One collection of the app state: encrypted patches, each of which makes the next version. */
const collectionSchema = z.object({
	version: z.number().int().nonnegative(),
	/** All encrypted records up to a version; patches up to it are gone. */
	snapshot: z.object({ version: z.number().int(), encoded: z.base64() }).optional(),
	patches: z.array(z.object({ version: z.number().int(), encoded: z.base64() })),
});

const accountSchema = z.object({
	/** Digits only, without a plus. */
	phone: z.string().regex(/^[0-9]{5,15}$/),
	/** The hidden id, digits only. */
	lid: z.string().regex(/^[0-9]{5,20}$/),
	pushName: z.string(),
	nextDeviceId: z.number().int().min(1),
	devices: z.array(deviceSchema),
	/** What the person has set about who may do and see what; what is not there is open to all. */
	privacy: z.record(z.string(), z.string()).default({}),
	/** The numbers in the person's address book. */
	contacts: z.array(z.string()).default([]),
	/** Hidden ids of the people whose direct messages are not wanted. */
	blocked: z.array(z.string()).default([]),
	picture: pictureSchema.optional(),
	/** The line about themselves. */
	about: z.string().default(''),
	/** How long messages stay in new chats; 0 is for ever. */
	disappearingSeconds: z.number().int().nonnegative().default(0),
	/** The phone opens what reaches it, and says so with read receipts. */
	reads: z.boolean().default(false),
	/** The phone's settings that all devices share, by collection. */
	appState: z.record(z.string(), collectionSchema).default({}),
	/** Who has asked for this account's list of devices, and so has to hear of changes: `phone:device:pn|lid`. */
	watchers: z.array(z.string()),
});

const participantSchema = z.object({
	lid: z.string(),
	role: z.enum(['member', 'admin', 'superadmin']),
});

/** Somebody who wants to join a group. */
const requestSchema = z.object({
	lid: z.string(),
	method: z.enum(['invite_link', 'non_admin_add']),
	atMs: z.number(),
});

/** An invitation for one person, which travels as a message ("v4"). */
const personalInviteSchema = z.object({
	lid: z.string(),
	by: z.string(),
	code: z.string(),
	expiresAtMs: z.number(),
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
	/** Whether members are known by hidden id or by number. */
	addressing: z.enum(['lid', 'pn']).default('lid'),
	/** Admins decide on who may join by invitation. */
	approval: z.boolean().default(false),
	requests: z.array(requestSchema).default([]),
	/** Hidden ids of those whom an admin has put out: the invitation is not for them any more. */
	removed: z.array(z.string()).default([]),
	personalInvites: z.array(personalInviteSchema).default([]),
	picture: pictureSchema.optional(),
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
export type PersonalInvite = z.infer<typeof personalInviteSchema>;
export type Picture = z.infer<typeof pictureSchema>;
export type Collection = z.infer<typeof collectionSchema>;
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

/** Puts a saved state in the place of the present one. */
export function restoreNetwork(network: Network, snapshot: NetworkSnapshot): void {
	const saved = createNetwork(snapshot);
	replace(network.accounts, saved.accounts);
	replace(network.phoneByLid, saved.phoneByLid);
	replace(network.groups, saved.groups);
	network.sequence = saved.sequence;
}

export function snapshotNetwork(network: Network): NetworkSnapshot {
	return {
		accounts: [...network.accounts.values()],
		groups: [...network.groups.values()],
		sequence: network.sequence,
	};
}

function replace<Value>(map: Map<string, Value>, by: ReadonlyMap<string, Value>): void {
	map.clear();
	for (const [key, value] of by) map.set(key, value);
}
