import { randomUUID } from 'node:crypto';
import { AppError } from '@chat-manager/contracts';
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { z } from 'zod';
import { type Group, type ParticipantResult, readGroup, readParticipantResults } from './group-node.ts';
import { findByPhone } from './phone-look-up.ts';
import { aboutNoGroup, ask, type Purpose, unreadable, whatsappCode } from './query.ts';
import type { SocketQuery } from './socket-query.ts';

/** Queries about groups. A change takes the time that WhatsApp has to answer; without an answer it is `outcome_unknown`. */
export type Groups = {
	/** All groups that the device is in. */
	list(timeoutMs?: number): Promise<Group[]>;
	/** One group; `not_group_member` when the device is not in it, `group_not_found` when there is none. */
	get(jid: string, timeoutMs?: number): Promise<Group>;
	inviteLink(jid: string, timeoutMs?: number): Promise<string>;
	/** The jids of phone numbers; null for one that is not on WhatsApp, absent where WhatsApp does not say. */
	findByPhone(phones: readonly string[], timeoutMs?: number): Promise<Map<string, string | null>>;
	/** The name must not look like a jid (see `safeName`). */
	create(name: string, participantJids: readonly string[], timeoutMs?: number): Promise<Created>;
	changeMembers(
		jid: string,
		action: 'add' | 'remove',
		memberJids: readonly string[],
		timeoutMs?: number,
	): Promise<ParticipantResult[]>;
	rename(jid: string, name: string, timeoutMs?: number): Promise<void>;
	/** `replaces` is the id of the present description; code 409 when it is another one. */
	describe(
		jid: string,
		change: { description: string; replaces: string | null },
		timeoutMs?: number,
	): Promise<void>;
	/** Voids the invite link; resolves with the new one. */
	resetInviteLink(jid: string, timeoutMs?: number): Promise<string>;
};

export type Created = { group: Group; results: ParticipantResult[] };

const Node = z.custom<BinaryNode>((value) => z.object({ tag: z.string() }).safeParse(value).success);

/** Whom to ask where there is no group yet, or for all of them. */
const allGroups = '@g.us';

/**
 * Group operations as stanzas of our own. Baileys' functions hide what we must know: `groupCreate` reports failed
 * participants as members and rewrites a subject that looks like a jid, every list that times out is empty, and a change
 * that times out looks done.
 */
export function createGroups(socketQuery: SocketQuery): Groups {
	const query = async (purpose: Purpose, to: string, content: BinaryNode, timeoutMs?: number) => {
		const attrs = { type: purpose === 'look' ? 'get' : 'set', xmlns: 'w:g2', to };
		try {
			return await ask(purpose, () => socketQuery({ tag: 'iq', attrs, content: [content] }, timeoutMs), Node);
		} catch (error) {
			throw to === allGroups ? aboutNoGroup(error) : error;
		}
	};

	return {
		findByPhone: (phones, timeoutMs) => findByPhone(socketQuery, phones, timeoutMs),
		async get(jid, timeoutMs) {
			const request = { tag: 'query', attrs: { request: 'interactive' } };
			const answer = await query('look', jid, request, timeoutMs).catch((error: unknown) => {
				throw notThere(error);
			});
			return present(readGroup(getBinaryNodeChild(answer, 'group')), 'look');
		},
		async list(timeoutMs) {
			const wanted = ['participants', 'description'].map((tag) => ({ tag, attrs: {} }));
			const request = { tag: 'participating', attrs: {}, content: wanted };
			const answer = await query('look', allGroups, request, timeoutMs);
			const groups = present(getBinaryNodeChild(answer, 'groups'), 'look');
			return getBinaryNodeChildren(groups, 'group').flatMap((node) => readGroup(node) ?? []);
		},
		async inviteLink(jid, timeoutMs) {
			return readLink(await query('look', jid, { tag: 'invite', attrs: {} }, timeoutMs), 'look');
		},
		async resetInviteLink(jid, timeoutMs) {
			return readLink(await query('change', jid, { tag: 'invite', attrs: {} }, timeoutMs), 'change');
		},
		async create(name, participantJids, timeoutMs) {
			const request = {
				tag: 'create',
				attrs: { subject: name, key: randomUUID().replaceAll('-', '').toUpperCase() },
				content: toParticipants(participantJids),
			};
			const node = getBinaryNodeChild(await query('change', allGroups, request, timeoutMs), 'group');
			return { group: present(readGroup(node), 'change'), results: readParticipantResults(node) };
		},
		async changeMembers(jid, action, memberJids, timeoutMs) {
			const request = { tag: action, attrs: {}, content: toParticipants(memberJids) };
			const answer = await query('change', jid, request, timeoutMs);
			return readParticipantResults(present(getBinaryNodeChild(answer, action), 'change'));
		},
		async rename(jid, name, timeoutMs) {
			await query('change', jid, { tag: 'subject', attrs: {}, content: Buffer.from(name) }, timeoutMs);
		},
		async describe(jid, { description, replaces }, timeoutMs) {
			const prev: Record<string, string> = replaces === null ? {} : { prev: replaces };
			const id = randomUUID().replaceAll('-', '').toUpperCase();
			const request =
				description === ''
					? { tag: 'description', attrs: { delete: 'true', ...prev } }
					: {
							tag: 'description',
							attrs: { id, ...prev },
							content: [{ tag: 'body', attrs: {}, content: Buffer.from(description) }],
						};
			await query('change', jid, request, timeoutMs);
		},
	};
}

/**
 * A name that Baileys' encoder sends as it is: in an attribute it takes "lunch@noon" for a jid and rewrites it. As the
 * content of a stanza, when a group is renamed, any name is safe.
 */
export function safeName(name: string): string {
	return name.replaceAll('@', '＠');
}

function toParticipants(jids: readonly string[]): BinaryNode[] {
	return jids.map((jid) => ({ tag: 'participant', attrs: { jid } }));
}

function readLink(answer: BinaryNode, purpose: Purpose): string {
	const code = present(getBinaryNodeChild(answer, 'invite')?.attrs.code, purpose);
	return `https://chat.whatsapp.com/${code}`;
}

/** Looking at a group takes no rights: a refusal means that the device is not in it. */
function notThere(error: unknown): unknown {
	const code = whatsappCode(error);
	if (code === 401 || code === 403) {
		return new AppError(
			'not_group_member',
			'Your device is no longer in this group. Join it again on your phone, or unstar it with unstar_group.',
			{ cause: error },
		);
	}
	if (code === 404 || code === 410) {
		return new AppError(
			'group_not_found',
			'This group no longer exists on WhatsApp. Remove its star with unstar_group.',
			{ cause: error },
		);
	}
	return error;
}

function present<T>(value: T | undefined, purpose: Purpose): T {
	if (value !== undefined) return value;
	throw unreadable(purpose);
}
