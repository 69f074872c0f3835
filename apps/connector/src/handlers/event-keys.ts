import { AppError, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import type { FleetContext } from '../context.ts';
import { readEventKey } from '../devices/event-key.ts';

export const eventKeys: DomainHandlers<Contract['connectors']['eventKeys'], FleetContext> = {
	async get({ db, vault }, wanted) {
		const key = await readEventKey(db, vault, wanted);
		if (key === undefined) throw new AppError('device_not_linked', 'There is no such event key.');
		return { key: key.toString('base64') };
	},
};
