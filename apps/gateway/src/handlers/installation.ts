import type { Contract, DomainHandlers } from '@chat-manager/contracts';
import type { Context } from '../context.ts';

export const installation: DomainHandlers<Contract['gateway']['installation'], Context> = {
	async get({ publicUrl }) {
		return { mcpUrl: publicUrl.mcp, simulatedPhoneUrl: publicUrl.simulatedPhone };
	},
};
