import type { Logger } from '@chat-manager/service';
import type { Settings } from '../config.ts';
import { deleteInvitations, type OpenInvitation, selectInvitations } from '../database/invitations.ts';
import { openForCommand } from './open-for-command.ts';

/** For an operator: the invitations that can still be used, the oldest first. Their links are not known any more. */
export async function listInvitations(
	settings: Settings,
	{ logger }: { logger: Logger },
): Promise<OpenInvitation[]> {
	await using database = await openForCommand(settings, logger);
	return await selectInvitations(database, new Date());
}

/** For an operator: takes back the one with this id, or all for this address; how many they were. */
export async function revokeInvitations(
	settings: Settings,
	{ which, logger }: { which: string; logger: Logger },
): Promise<number> {
	await using database = await openForCommand(settings, logger);
	return await deleteInvitations(database, { idOrEmail: which.toLowerCase() });
}
