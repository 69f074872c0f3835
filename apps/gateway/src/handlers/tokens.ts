import { randomBytes } from 'node:crypto';
import { AppError, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import { createTokenSecret } from '../access/token-secret.ts';
import type { Context } from '../context.ts';
import { createTokenStore, type TokenRow } from '../database/access-tokens.ts';

/** More than anybody needs, and few enough for one page. */
const maxTokens = 100;

export const tokens: DomainHandlers<Contract['gateway']['tokens'], Context> = {
	async list({ database }, _input, { userId }) {
		const rows = await createTokenStore(database).list(userId);
		return { tokens: rows.map(toToken) };
	},
	async create({ database, clock }, input, { userId }) {
		const { name, scopes, groups, expiresAt } = input;
		const store = createTokenStore(database);
		const now = clock.now();
		if (expiresAt !== null && Date.parse(expiresAt) <= now)
			throw new AppError('invalid_input', 'expiresAt: must be in the future.');
		if ((await store.count(userId)) >= maxTokens)
			throw new AppError(
				'forbidden',
				`You have ${maxTokens} access tokens. Revoke one that you no longer use.`,
			);
		const { token, hash, prefix } = createTokenSecret();
		const row = await store.insert({
			id: `tok_${randomBytes(12).toString('hex')}`,
			user_id: userId,
			kind: 'pat',
			name,
			prefix,
			secret_hash: hash,
			scopes: [...new Set(scopes)],
			groups: groups === null ? null : [...new Set(groups)],
			read_only: input.readOnly,
			confirmation: input.confirmation,
			confirm_above_members: input.confirmAboveMembers,
			created_at: new Date(now),
			expires_at: expiresAt === null ? null : new Date(expiresAt),
		});
		return { ...toToken(row), token };
	},
	async revoke({ database, clock, tokens: access }, { id }, { userId }) {
		const wasOurs = await createTokenStore(database).revoke(userId, id, new Date(clock.now()));
		if (!wasOurs)
			throw new AppError(
				'token_not_found',
				'You have no access token with this id. List your tokens for their ids.',
			);
		await access.announceRevoked(id);
		return { id, revoked: true };
	},
};

function toToken(row: TokenRow) {
	return {
		id: row.id,
		name: row.name,
		scopes: row.scopes,
		groups: row.groups,
		readOnly: row.read_only,
		confirmation: row.confirmation,
		confirmAboveMembers: row.confirm_above_members,
		createdAt: row.created_at.toISOString(),
		expiresAt: row.expires_at?.toISOString() ?? null,
		lastUsedAt: row.last_used_at?.toISOString() ?? null,
	};
}
