/**
 * Messages that could not be decrypted, until their content is there.
 *
 * Baileys asks the author's device at once and the own phone a few seconds later, and remembers both in memory only: after a
 * crash nobody asks any more, and the placeholder would stay. So each such message is written down before WhatsApp is told
 * that it arrived. It is settled when its content was captured, by whatever way it came. What is left when a connection has
 * caught up, the own phone is asked for again, a few times at most: a phone that does not have it says nothing.
 */
import type { Vault } from '@chat-manager/backend';
import type { Kysely } from 'kysely';
import type { Lease } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import {
	deleteUnread,
	listUnread,
	noteAsked,
	saveUnread,
	type UnreadKey,
} from '../database/unread-messages.ts';
import { MessageStanza } from '../whatsapp/stanza.ts';

export type UnreadMessages = {
	/** What was noted until now is nobody's care any more. */
	beginConnection(): void;
	/** Resolves when it is written down. */
	note(stanza: MessageStanza): Promise<void>;
	recall(key: UnreadKey): MessageStanza | undefined;
	/** Resolves when it is forgotten; at once where it was never noted. */
	settle(key: UnreadKey): Promise<void>;
	/** What the own phone is to be asked for now; counts that it was. */
	takeToAsk(): Promise<MessageStanza[]>;
};

const maxTimesAsked = 5;
/** In one request, and so at one login. */
const maxAskedAtOnce = 100;

export async function loadUnreadMessages(options: {
	db: Kysely<Tables>;
	vault: Vault;
	lease: Lease;
}): Promise<UnreadMessages> {
	const { db, vault, lease } = options;
	const { userId } = lease;
	const known = new Map<string, { stanza: MessageStanza; timesAsked: number; isCaredFor: boolean }>();
	for (const { value, timesAsked, ...key } of await listUnread(db, userId)) {
		const json = (await vault.open(placeOf(key), value)).toString();
		known.set(nameOf(key), { stanza: MessageStanza.parse(JSON.parse(json)), timesAsked, isCaredFor: false });
	}

	function placeOf({ chatJid, messageId }: UnreadKey) {
		return { userId, row: `unread_messages/${chatJid}/${messageId}` };
	}

	return {
		beginConnection() {
			for (const entry of known.values()) entry.isCaredFor = false;
		},
		async note(stanza) {
			if (known.has(nameOf(stanza))) return;
			const { chatJid, messageId } = stanza;
			const value = await vault.seal(placeOf(stanza), JSON.stringify(stanza));
			await saveUnread(db, lease, { chatJid, messageId, value });
			known.set(nameOf(stanza), { stanza, timesAsked: 0, isCaredFor: true });
		},
		recall: (key) => known.get(nameOf(key))?.stanza,
		async settle(key) {
			if (!known.has(nameOf(key))) return;
			await deleteUnread(db, lease, key);
			known.delete(nameOf(key));
		},
		async takeToAsk() {
			const open = [...known.values()].filter(
				({ timesAsked, isCaredFor }) => !isCaredFor && timesAsked < maxTimesAsked,
			);
			const taken = open.slice(0, maxAskedAtOnce);
			if (taken.length === 0) return [];
			await noteAsked(
				db,
				lease,
				taken.map(({ stanza }) => stanza),
			);
			for (const entry of taken) entry.timesAsked++;
			return taken.map(({ stanza }) => stanza);
		},
	};
}

function nameOf({ chatJid, messageId }: UnreadKey): string {
	return `${chatJid} ${messageId}`;
}
