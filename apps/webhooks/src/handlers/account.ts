import type { Contract, DomainHandlers } from '@chat-manager/contracts';
import type { WebhooksContext } from '../context.ts';
import { listEndpoints } from '../database/endpoints.ts';
import { countAllDeliveries, listAllDeliveries } from '../database/export-deliveries.ts';
import { parsePlace, placeOf } from './delivery-cursor.ts';
import { toWebhook } from './find-webhook.ts';

const pageSize = 1_000;

export const account: DomainHandlers<Contract['webhooks']['account'], WebhooksContext> = {
	async exportWebhooks({ db }, { kind, cursor }, call) {
		const { userId } = call;
		if (kind === 'webhooks') {
			const records = (await listEndpoints(db, call)).map((endpoint) => ({ ...toWebhook(endpoint) }));
			return { records, nextCursor: null, total: records.length };
		}
		const after = cursor === undefined ? undefined : parsePlace(cursor);
		const rows = await listAllDeliveries(db, { userId, after, limit: pageSize + 1 });
		const page = rows.slice(0, pageSize);
		const last = rows.length > pageSize ? page.at(-1) : undefined;
		return {
			records: page.map(({ id, created_at: createdAt, ...row }) => ({ id: String(id), createdAt, ...row })),
			nextCursor: last === undefined ? null : placeOf(last),
			total: cursor === undefined ? await countAllDeliveries(db, userId) : null,
		};
	},
};
