import type { Contract, DomainHandlers } from '@chat-manager/contracts';
import type { Context } from '../context.ts';
import { deleteSession, listSessions } from '../database/sessions.ts';
import { exportOwn } from './export-own.ts';

export const account: DomainHandlers<Contract['gateway']['account'], Context> = {
	exportOwn: (context, input, { userId }) => exportOwn(context, input, userId),

	async sessions({ database, clock }, _input, { userId }) {
		const rows = await listSessions(database, userId, new Date(clock.now()));
		return {
			sessions: rows.map(({ id, createdAt, lastSeenAt, address, userAgent }) => ({
				id,
				createdAt: createdAt.toISOString(),
				lastSeenAt: lastSeenAt.toISOString(),
				address: address === '' ? null : address,
				userAgent: userAgent === '' ? null : userAgent,
			})),
		};
	},

	async endSession({ database }, { id }, { userId }) {
		await deleteSession(database, { id, userId });
		return { id, ended: true };
	},
};
