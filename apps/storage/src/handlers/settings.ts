import { assertInTime, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import { announceSettings } from '../announcements.ts';
import type { StorageContext } from '../context.ts';
import { findSettings, lockSettings, switchStoring } from '../database/queries/settings.ts';
import { announceOrFail } from './announce-or-fail.ts';

export const settings: DomainHandlers<Contract['storage']['settings'], StorageContext> = {
	async get({ db }, _input, { userId }) {
		const row = await findSettings(db, userId);
		return { storeMessages: row?.store_messages ?? true };
	},

	async update(context, { storeMessages }, call) {
		assertInTime(call, context.clock.now());
		const { userId } = call;
		const unannouncedAt = await switchTo(context, userId, storeMessages);
		if (unannouncedAt !== undefined)
			await announceOrFail(
				announceSettings(context, { userId, storeMessages, at: unannouncedAt }),
				'The setting is saved, but this could not be passed on yet. Save it once more to finish it.',
			);
		return { storeMessages };
	},
};

/** Brings the setting to a value; when it came to it, as long as that is not announced. */
async function switchTo(
	{ db, clock }: StorageContext,
	userId: string,
	storeMessages: boolean,
): Promise<Date | undefined> {
	return db.transaction().execute(async (transaction) => {
		const { store_messages, changed_at, announced } = await lockSettings(transaction, userId);
		if (store_messages === storeMessages) return announced ? undefined : (changed_at ?? undefined);
		// Each change is later than the one before, whatever the clock says: listeners go by it.
		const at = new Date(Math.max(clock.now(), (changed_at?.getTime() ?? 0) + 1));
		await switchStoring(transaction, { userId, storeMessages, at });
		return at;
	});
}
