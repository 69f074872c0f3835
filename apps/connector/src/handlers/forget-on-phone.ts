import type { FleetContext } from '../context.ts';
import { unwantDevice } from '../database/devices.ts';

/** Makes WhatsApp forget the device, destroys its secrets here, and ends the hold of whoever holds its socket. */
export async function forgetOnPhone(
	{ db, fleet, holder, logger }: Pick<FleetContext, 'db' | 'fleet' | 'holder' | 'logger'>,
	userId: string,
): Promise<void> {
	// First, while the credentials are there. An offline device stays listed on the phone until it is removed there.
	await holder.sessions.logout({ userId }).catch((err: unknown) => {
		logger.info({ err, userId }, 'the device was offline when it was unlinked');
	});
	await unwantDevice(db, userId);
	fleet.announceDevice(userId);
}
