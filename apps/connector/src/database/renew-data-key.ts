import type { Vault } from '@chat-manager/backend';
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * Everything that a user's data key seals: the table, its sealed column, the columns that name a row, and the place that is bound
 * to the value, as it is built where the value is written. A test compares the tables with the schema.
 */
type Sealed = {
	table: keyof Tables;
	column: string;
	key: readonly string[];
	place(...key: string[]): string;
};

export const sealedColumns: readonly Sealed[] = [
	{ table: 'devices', column: 'qr', key: [], place: () => 'devices/qr' },
	{ table: 'devices', column: 'code', key: [], place: () => 'devices/code' },
	{ table: 'credentials', column: 'value', key: [], place: () => 'credentials' },
	{
		table: 'signal_keys',
		column: 'value',
		key: ['kind', 'id'],
		place: (kind, id) => `signal_keys/${kind}/${id}`,
	},
	{ table: 'event_keys', column: 'value', key: ['key_id'], place: (id) => `event_keys/${id}` },
	{ table: 'outbox', column: 'content', key: ['message_id'], place: (id) => `outbox/${id}` },
	{ table: 'outbox', column: 'result', key: ['message_id'], place: (id) => `outbox/${id}/result` },
	{
		table: 'outbox',
		column: 'unrecorded',
		key: ['message_id'],
		place: (id) => `outbox/${id}/unrecorded`,
	},
	{ table: 'group_records', column: 'value', key: ['jid'], place: (jid) => `group_records/${jid}` },
	{
		table: 'polls',
		column: 'value',
		key: ['chat_jid', 'author_jid', 'message_id'],
		place: (chat, author, id) => `polls/${chat}/${author}/${id}`,
	},
	{ table: 'told_groups', column: 'value', key: ['jid'], place: (jid) => `told_groups/${jid}` },
	{
		table: 'pending_notices',
		column: 'value',
		key: ['jid', 'id'],
		place: (jid, id) => `pending_notices/${jid}/${id}`,
	},
	{
		table: 'unread_messages',
		column: 'value',
		key: ['chat_jid', 'message_id'],
		place: (chat, id) => `unread_messages/${chat}/${id}`,
	},
];

/**
 * Puts a new data key in the place of a user's, and seals everything anew with it, in one transaction. The holder of the
 * device is fenced off first: the row is locked and its epoch moves on, so that nothing is written with the old key
 * meanwhile or later; a connector takes the device again a moment after. Resolves with how many values were sealed anew.
 */
export async function renewDataKey(db: Kysely<Tables>, vault: Vault, userId: string): Promise<number> {
	const count = await db.transaction().execute(async (transaction) => {
		await transaction
			.updateTable('devices')
			.set((eb) => ({ owner: null, epoch: eb('epoch', '+', 1) }))
			.where('user_id', '=', userId)
			.execute();
		const renewal = await vault.renew(userId);
		let resealed = 0;
		for (const sealed of sealedColumns) {
			for (const row of await readRows(transaction, sealed, userId)) {
				const value = renewal.reseal(sealed.place(...row.key), row.value);
				await writeRow(transaction, sealed, { userId, key: row.key, value });
				resealed++;
			}
		}
		await renewal.store<Tables>(transaction);
		return resealed;
	});
	await vault.reload(userId);
	return count;
}

async function readRows(
	db: Kysely<Tables>,
	{ table, column, key }: Sealed,
	userId: string,
): Promise<{ key: string[]; value: Buffer }[]> {
	const names = key.length === 0 ? sql`` : sql.join(key.map((name) => sql.ref(name)));
	const { rows } = await sql<{ key: string[]; value: Buffer }>`
		select array[${names}]::text[] as key, ${sql.ref(column)} as value
		from ${sql.table(table)} where user_id = ${userId} and ${sql.ref(column)} is not null`.execute(db);
	return rows;
}

async function writeRow(
	db: Kysely<Tables>,
	{ table, column, key }: Sealed,
	row: { userId: string; key: string[]; value: Buffer },
): Promise<void> {
	const isThisRow = key.map((name, index) => sql`and ${sql.ref(name)} = ${row.key[index]}`);
	await sql`
		update ${sql.table(table)} set ${sql.ref(column)} = ${row.value}
		where user_id = ${row.userId} ${sql.join(isThisRow, sql` `)}`.execute(db);
}
