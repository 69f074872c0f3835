import { assertInTime, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import type { StorageContext } from '../context.ts';
import { deleteMessages } from '../database/queries/delete-messages.ts';
import { exportMessages } from './export-messages.ts';
import { exportRecords } from './export-records.ts';

export const account: DomainHandlers<Contract['storage']['account'], StorageContext> = {
	exportRecord: (context, { kind, cursor }, { userId }) =>
		kind === 'messages'
			? exportMessages(context, { userId, cursor })
			: exportRecords(context, { userId, kind, cursor }),

	async deleteMessages({ db, clock }, _input, call) {
		assertInTime(call, clock.now());
		const { userId } = call;
		return { deleted: await deleteMessages(db, { userId, at: new Date(clock.now()) }) };
	},
};
