import type { Confirmation, Scope } from '@chat-manager/contracts';
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { IdentityDatabase } from './identity-database.ts';
import type { Tables } from './tables.ts';

export type TokenRow = Selectable<Tables['access_tokens']>;

export type VerifiedToken = {
	readonly id: string;
	readonly userId: string;
	readonly scopes: readonly Scope[];
	readonly groups: readonly string[] | null;
	readonly readOnly: boolean;
	readonly confirmation: Confirmation;
	readonly confirmAboveMembers: number;
	readonly expiresAt: Date | null;
};

/** The access tokens in Postgres. */
export type TokenStore = {
	/** The token of a hash unless it was revoked. The one query that cannot name its user: it is what tells us who it is. */
	find(hash: Buffer): Promise<VerifiedToken | undefined>;
	noteUse(token: VerifiedToken, at: Date, everyMs: number): Promise<void>;
	list(userId: string): Promise<TokenRow[]>;
	count(userId: string): Promise<number>;
	insert(row: Insertable<Tables['access_tokens']>): Promise<TokenRow>;
	/** False when the user has no such token; revoking twice is as good as once. */
	revoke(userId: string, id: string, at: Date): Promise<boolean>;
	/** Revokes all tokens of a user, in a transaction if one is given; the ids of those that were not revoked before. */
	revokeAll(userId: string, at: Date, within?: Kysely<Tables>): Promise<string[]>;
};

export function createTokenStore({ db, ask }: IdentityDatabase): TokenStore {
	const ofUser = (userId: string) =>
		db
			.selectFrom('access_tokens')
			.where('user_id', '=', userId)
			.where('kind', '=', 'pat')
			.where('revoked_at', 'is', null);
	return {
		find: (hash) =>
			ask(() =>
				db
					.selectFrom('access_tokens')
					.select([
						'id',
						'user_id as userId',
						'scopes',
						'groups',
						'read_only as readOnly',
						'confirmation',
						'confirm_above_members as confirmAboveMembers',
						'expires_at as expiresAt',
					])
					.where('secret_hash', '=', hash)
					.where('revoked_at', 'is', null)
					.executeTakeFirst(),
			),
		async noteUse({ id, userId }, at, everyMs) {
			await ask(() =>
				db
					.updateTable('access_tokens')
					.set({ last_used_at: at })
					.where('user_id', '=', userId)
					.where('id', '=', id)
					// Another replica may just have done it.
					.where((or) =>
						or.or([
							or('last_used_at', 'is', null),
							or('last_used_at', '<=', new Date(at.getTime() - everyMs)),
						]),
					)
					.execute(),
			);
		},
		list: (userId) =>
			ask(() => ofUser(userId).selectAll().orderBy('created_at', 'desc').orderBy('id').execute()),
		async count(userId) {
			const { count } = await ask(() =>
				ofUser(userId)
					.select((all) => all.fn.countAll<number>().as('count'))
					.executeTakeFirstOrThrow(),
			);
			return count;
		},
		insert: (row) =>
			ask(() => db.insertInto('access_tokens').values(row).returningAll().executeTakeFirstOrThrow()),
		async revoke(userId, id, at) {
			const revoked = await ask(() =>
				db
					.updateTable('access_tokens')
					.set((row) => ({ revoked_at: row.fn.coalesce('revoked_at', row.val(at)) }))
					.where('user_id', '=', userId)
					.where('id', '=', id)
					.executeTakeFirst(),
			);
			return revoked.numUpdatedRows > 0n;
		},
		async revokeAll(userId, at, within = db) {
			const rows = await ask(() =>
				within
					.updateTable('access_tokens')
					.set({ revoked_at: at })
					.where('user_id', '=', userId)
					.where('revoked_at', 'is', null)
					.returning('id')
					.execute(),
			);
			return rows.map(({ id }) => id);
		},
	};
}
