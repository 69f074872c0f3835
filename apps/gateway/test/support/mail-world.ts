import { type MailFolder, openMailFolder } from './mails.ts';
import { type Gateway, startWorld, untilReady, type World } from './world.ts';

/** A world with one gateway, whose mails lie in a folder. */
export async function startMailWorld(): Promise<{ world: World; gateway: Gateway; mails: MailFolder }> {
	const world = await startWorld();
	const mails = await openMailFolder();
	const gateway = await world.startGateway({ CM_MAIL_URL: mails.url });
	await untilReady(gateway);
	return { world, gateway, mails };
}
