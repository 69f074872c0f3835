import type { Vault } from '@chat-manager/backend';
import type { Kysely } from 'kysely';
import { nothingShown } from '../database/devices.ts';
import { saveCredentials, writeKeys } from '../database/secrets.ts';
import type { Tables } from '../database/tables.ts';
import { credentialsPlace, keyPlace } from './secret-store.ts';

/** A device that was linked elsewhere: Baileys' credentials and key store as plain data, bytes as `BufferJSON` writes them. */
export type LinkedDevice = {
	userId: string;
	network: string;
	/** `+…` */
	phone: string;
	auth: { creds: object; keys: Record<string, Record<string, unknown>> };
};

/**
 * Takes over a device that is linked already, so that nobody has to scan a QR code again: one transaction, at the end of
 * which the connectors see a device without a holder. Whoever used its credentials before must have stopped for good. Throws
 * when the user has a device here.
 */
export async function importDevice(
	{ db, vault }: { db: Kysely<Tables>; vault: Vault },
	{ userId, network, phone, auth }: LinkedDevice,
): Promise<void> {
	const credentials = await vault.seal({ userId, row: credentialsPlace }, JSON.stringify(auth.creds));
	const put = await Promise.all(
		Object.entries(auth.keys).flatMap(([kind, values]) =>
			Object.entries(values).map(async ([id, value]) => ({
				kind,
				id,
				value: await vault.seal({ userId, row: keyPlace(kind, id) }, JSON.stringify(value)),
			})),
		),
	);
	await db.transaction().execute(async (transaction) => {
		const device = await transaction
			.insertInto('devices')
			.values({
				user_id: userId,
				network,
				phone,
				state: 'connecting',
				wanted: true,
				owner: null,
				link_method: 'qr',
				link_phone: null,
				reason: null,
				retry_at: null,
				announced: null,
				announced_at: null,
				...nothingShown,
			})
			.onConflict((conflict) => conflict.doNothing())
			.returning('epoch')
			.executeTakeFirst();
		if (device === undefined) throw new Error(`The user ${userId} has a device here already`);
		const lease = { userId, epoch: Number(device.epoch) };
		await saveCredentials(transaction, lease, credentials);
		await writeKeys(transaction, lease, { put, remove: [], digests: [] });
	});
}
