import type { Contract, DomainHandlers } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';

export const sessions: DomainHandlers<Contract['connector']['sessions'], SessionContext> = {
	async logout({ session }) {
		await session.logout();
		return {};
	},
};
