import type { Logger } from '@chat-manager/service';
import type { WhatsAppSocket } from '../whatsapp/engine.ts';
import type { UnreadMessages } from './unread-messages.ts';

/** Asks the own phone for what earlier connections left unread. Never throws: the next connection asks again. */
export async function askForUnread(options: {
	unread: UnreadMessages;
	whatsapp(): WhatsAppSocket;
	logger: Logger;
}): Promise<void> {
	const { unread, whatsapp, logger } = options;
	try {
		const socket = whatsapp();
		const messages = await unread.takeToAsk();
		if (messages.length > 0) await socket.askPhoneFor(messages);
	} catch (err) {
		logger.warn({ err }, 'the phone was not asked for what could not be read');
	}
}
