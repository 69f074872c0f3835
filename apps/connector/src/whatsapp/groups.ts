import { randomUUID } from 'node:crypto';
import { AppError } from '@chat-manager/contracts';
import {
	type BinaryNode,
	getBinaryNodeChild,
	getBinaryNodeChildren,
	type WASocket,
} from '@whiskeysockets/baileys';
import { z } from 'zod';
import { type Group, type ParticipantResult, readGroup, readParticipantResults } from './group-node.ts';
import { ask } from './query.ts';

export type Groups = {
	/** All groups that the device is in. */
	list(): Promise<Group[]>;
	/** One group; `group_not_found` when it does not exist or the device is not in it: the two cannot be told apart. */
	get(jid: string): Promise<Group>;
	create(
		name: string,
		participantJids: readonly string[],
	): Promise<{ group: Group; results: ParticipantResult[] }>;
	inviteLink(jid: string): Promise<string>;
	/** The jids of phone numbers; those that are not on WhatsApp are absent. */
	findByPhone(phones: readonly string[]): Promise<Map<string, string>>;
};

const Node = z.custom<BinaryNode>((value) => z.object({ tag: z.string() }).safeParse(value).success);

/**
 * Group operations as stanzas of our own. Baileys' functions hide what we must know: `groupCreate` reports failed
 * participants as members and rewrites a subject that looks like a jid, and every list that times out is empty.
 */
export function createGroups(socket: WASocket): Groups {
	const query = (to: string, type: 'get' | 'set', content: BinaryNode) =>
		ask(() => socket.query({ tag: 'iq', attrs: { type, xmlns: 'w:g2', to }, content: [content] }), Node);

	async function get(jid: string): Promise<Group> {
		const request = { tag: 'query', attrs: { request: 'interactive' } };
		const answer = await query(jid, 'get', request).catch((error: unknown) => {
			const gone = error instanceof AppError && ['not_group_admin', 'group_not_found'].includes(error.code);
			throw gone ? groupNotFound(error) : error;
		});
		return present(readGroup(getBinaryNodeChild(answer, 'group')));
	}

	return {
		get,
		async list() {
			const wanted = ['participants', 'description'].map((tag) => ({ tag, attrs: {} }));
			const answer = await query('@g.us', 'get', { tag: 'participating', attrs: {}, content: wanted });
			const groups = present(getBinaryNodeChild(answer, 'groups'));
			return getBinaryNodeChildren(groups, 'group').flatMap((node) => readGroup(node) ?? []);
		},
		async create(name, participantJids) {
			// Baileys' encoder takes an attribute like "lunch@noon" for a jid and rewrites it; content bytes are safe.
			const isSafe = !name.includes('@');
			const answer = await query('@g.us', 'set', {
				tag: 'create',
				attrs: { subject: isSafe ? name : 'Group', key: randomUUID().replaceAll('-', '').toUpperCase() },
				content: participantJids.map((jid) => ({ tag: 'participant', attrs: { jid } })),
			});
			const node = getBinaryNodeChild(answer, 'group');
			const group = present(readGroup(node));
			if (!isSafe) {
				await query(group.jid, 'set', { tag: 'subject', attrs: {}, content: Buffer.from(name) });
				group.name = name;
			}
			return { group, results: readParticipantResults(node) };
		},
		async inviteLink(jid) {
			const answer = await query(jid, 'get', { tag: 'invite', attrs: {} });
			const code = z.string().min(1).parse(getBinaryNodeChild(answer, 'invite')?.attrs.code);
			return `https://chat.whatsapp.com/${code}`;
		},
		async findByPhone(phones) {
			if (phones.length === 0) return new Map();
			const Found = z.array(z.object({ jid: z.string(), exists: z.boolean() }));
			const found = await ask(() => socket.onWhatsApp(...phones), Found);
			const byDigits = new Map(
				found.filter(({ exists }) => exists).map(({ jid }) => [jid.split('@')[0], jid]),
			);
			return new Map(
				phones.flatMap((phone) => {
					const jid = byDigits.get(phone.replace('+', ''));
					return jid === undefined ? [] : [[phone, jid] as const];
				}),
			);
		},
	};
}

function groupNotFound(cause?: unknown): AppError {
	return new AppError(
		'group_not_found',
		'Your device is in no group with this JID. Check the JID, or join the group on your phone first.',
		{ cause },
	);
}

function present<T>(value: T | undefined): T {
	if (value !== undefined) return value;
	throw new AppError(
		'outcome_unknown',
		'WhatsApp gave an answer that could not be read, so it is unknown whether this was done. Look before you repeat it.',
	);
}
