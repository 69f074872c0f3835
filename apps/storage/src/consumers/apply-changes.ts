import type { StorageContext } from '../context.ts';
import { wasAdmin } from '../database/queries/admin-facts.ts';
import {
	lockMessage,
	markDeleted,
	markEdited,
	selectChanged,
	settleChange,
	type WaitingChange,
	writeEdit,
} from '../database/queries/changed-messages.ts';
import type { Db } from '../database/tables.ts';
import type { MessageIdentity } from '../sealing/contents.ts';

/**
 * Brings what happened to messages into them.
 *
 * A message and what happens to it arrive in any order, and in two batches at once. Whoever writes one of them commits
 * it first and looks here for the other then: the later of two looks finds both. Each message is locked and brought up to
 * date from all that is known, so that doing it again changes nothing:
 *
 *   deletion   by its author, or by an admin of that time: what it said is destroyed, and all that was said of it. Nothing
 *              brings it back. While its sender is not known as an admin it waits. (One who was, and was demoted before, is
 *              found out only if that is known by then: what is destroyed cannot be restored.)
 *   edit       the newest one's text takes the place of the text; what is attached stays
 *   reaction, vote   stay where they are, to be counted; one person has one of each
 */
export async function applyChanges(
	context: StorageContext,
	messages: readonly MessageIdentity[],
): Promise<void> {
	if (messages.length === 0) return;
	for (const identity of await selectChanged(context.db, messages))
		await context.db
			.transaction()
			.execute((transaction) => applyTo({ ...context, db: transaction }, identity));
}

async function applyTo(context: StorageContext, identity: MessageIdentity): Promise<void> {
	const { db } = context;
	const found = await lockMessage(db, identity);
	if (found === undefined) return;
	const { message, changes } = found;
	if (message.deleted || (await isDeletedBy(db, changes))) return markDeleted(db, identity);
	for (const change of changes) {
		if (change.kind === 'edit' && message.content !== null) {
			const { edit_revision: revision, edit_event_id: eventId } = message;
			if (revision === null || isNewer(change, revision, eventId ?? ''))
				await edit(context, identity, change, message.content);
			await settleChange(db, change);
		} else if (change.kind === 'unseen_edit' && message.content !== null) {
			await markEdited(db, identity);
			await settleChange(db, change);
		} else if (change.tagged) await settleChange(db, change);
	}
}

async function isDeletedBy(db: Db, changes: readonly WaitingChange[]): Promise<boolean> {
	for (const { kind, user_id, jid, author_jid, by_jid, at } of changes) {
		if (kind !== 'deletion') continue;
		if (by_jid === author_jid) return true;
		if (await wasAdmin(db, { userId: user_id, jid, memberJid: by_jid, at })) return true;
	}
	return false;
}

function isNewer(
	{ revision, event_id }: WaitingChange,
	knownRevision: number,
	knownEventId: string,
): boolean {
	return revision > knownRevision || (revision === knownRevision && event_id > knownEventId);
}

async function edit(
	{ db, contents, digests }: StorageContext,
	identity: MessageIdentity,
	change: WaitingChange,
	original: Buffer,
): Promise<void> {
	if (change.content === null) return;
	const { kind, by_jid: byJid, revision, event_id: eventId } = change;
	const { text, mentions } = await contents.openEdit({ ...identity, kind, byJid }, change.content);
	const content = { ...(await contents.open(identity, original)), text, mentions };
	await writeEdit(db, identity, {
		revision,
		eventId,
		content: await contents.seal(identity, content),
		words: await digests.ofContent(identity, content),
	});
}
