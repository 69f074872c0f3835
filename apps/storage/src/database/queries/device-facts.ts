import type { Db, Tables } from '../tables.ts';

export type DeviceFact = Tables['device_facts'];

/** Each event may come again: it is kept once. */
export async function recordDeviceFacts(db: Db, facts: readonly DeviceFact[]): Promise<void> {
	await db
		.insertInto('device_facts')
		.values([...facts])
		.onConflict((conflict) => conflict.doNothing())
		.execute();
}
