import type { DeviceState } from '@chat-manager/contracts';
import type { CloseReason } from '../whatsapp/socket.ts';

/**
 * What follows from the end of a connection, by the code that Baileys gives for it:
 *
 *   515  the restart that WhatsApp asks for after linking, and sometimes later: connect again at once
 *   401, 411, 419  the device was removed on the phone, or its credentials are void: they are destroyed, link again
 *   403, 405  banned, or the client is refused as too old: trying on makes it worse
 *   440  another socket with these credentials took over. The lease makes sure it is none of ours: do not fight it
 *   408 while the QR code was shown  nobody scanned it
 *   anything else  the connection broke: try again, later each time
 */
export type Next = { state: DeviceState; again: 'now' | 'later' | 'never'; forgetSecrets: boolean };

export function afterClose({ code, isNewLogin }: CloseReason, wasLinked: boolean, failures: number): Next {
	if (isNewLogin || code === 515) return { state: 'connecting', again: 'now', forgetSecrets: false };
	if (code === 401 || code === 411 || code === 419) {
		return { state: wasLinked ? 'logged_out' : 'unlinked', again: 'never', forgetSecrets: true };
	}
	if (code === 403 || code === 405) return { state: 'restricted', again: 'never', forgetSecrets: false };
	if (code === 440) return { state: 'replaced', again: 'never', forgetSecrets: false };
	if (!wasLinked && code === 408) return { state: 'unlinked', again: 'never', forgetSecrets: true };
	return { state: failures < 5 ? 'reconnecting' : 'offline', again: 'later', forgetSecrets: false };
}

/** Doubles from half a second to a minute, each between half and the whole of it, so that many do not come back at once. */
export function reconnectDelayMs(failures: number, random: () => number = Math.random): number {
	const ceilingMs = Math.min(60_000, 500 * 2 ** Math.min(failures, 10));
	return ceilingMs * (0.5 + random() / 2);
}
