import type { Contract, DomainHandlers } from '@chat-manager/contracts';
import type { FleetContext } from '../context.ts';
import { findDevice } from '../database/devices.ts';
import { countPhones, listPhones } from '../database/lid-phones.ts';

const pageSize = 1_000;

export const account: DomainHandlers<Contract['connectors']['account'], FleetContext> = {
	async exportDevice({ db }, { kind, cursor }, { userId }) {
		if (kind === 'device') {
			const device = await findDevice(db, userId);
			if (device === undefined) return { records: [], nextCursor: null, total: 0 };
			const { network, state, phone, reason, updated_at: updatedAt } = device;
			return { records: [{ network, state, phone, reason, updatedAt }], nextCursor: null, total: 1 };
		}
		const rows = await listPhones(db, { userId, after: cursor ?? '', limit: pageSize + 1 });
		const page = rows.slice(0, pageSize);
		return {
			records: page.map(({ lid, phone, seenAt }) => ({ hiddenId: lid, phone, seenAt })),
			nextCursor: rows.length > pageSize ? (page.at(-1)?.lid ?? null) : null,
			total: cursor === undefined ? await countPhones(db, userId) : null,
		};
	},
};
