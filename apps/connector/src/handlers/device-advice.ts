import type { DeviceReason, DeviceState } from '@chat-manager/contracts';
import type { LinkMethod } from '../database/tables.ts';

/** What the person can do next, in plain words. */
export function adviceFor(device: {
	state: DeviceState;
	reason: DeviceReason | null;
	link_method: LinkMethod;
}): string {
	const { state, reason, link_method: method } = device;
	if (reason !== null) return byReason[reason];
	return state === 'linking' && method === 'code' ? typeTheCode : byState[state];
}

const typeTheCode =
	'Type the code: in WhatsApp on your phone, open Linked devices, choose Link a device and then Link with phone number instead.';

const byState: Record<DeviceState, string> = {
	unlinked: 'Link a WhatsApp device to begin.',
	linking: 'Scan the QR code: in WhatsApp on your phone, open Linked devices and choose Link a device.',
	connecting: 'The device is being connected; this takes a few seconds.',
	connected: 'Your device is connected.',
	reconnecting: 'The connection broke and is being made again.',
	offline:
		'WhatsApp cannot be reached at the moment; we keep trying. Messages are delivered when it is back.',
	replaced: 'Another program took over this link. Link the device again to use it here.',
	logged_out: 'The device was removed on your phone. Link it again.',
	restricted: 'WhatsApp refused this account. Check it on your phone before you link it again.',
	passkey_required:
		"WhatsApp asks for a passkey before it links a device to this account. Only WhatsApp's own apps and website can answer that, so this account cannot be linked here at the moment. Link another account, or try again later: WhatsApp does not ask always.",
};

const byReason: Record<DeviceReason, string> = {
	qr_expired: 'Nobody scanned the QR code in time. Link again, with your phone at hand.',
	code_expired: 'Nobody typed the code in time. Link again for a new code.',
	code_refused:
		'WhatsApp did not link with this code: it was mistyped, or the phone has another number. Check the number and link again for a new code, or scan a QR code instead.',
	unreachable:
		'WhatsApp could not be reached several times in a row. Check the internet connection of this installation, then link again.',
	asked_to_wait:
		'WhatsApp asks to wait before the next attempt. Try again later; trying often makes it longer.',
	removed_on_phone:
		'The device was removed on your phone, or the phone was away for too long. Link it again.',
	link_void:
		'This link is no longer valid: WhatsApp does not know it any more, or this server was restored from a backup. If your phone still lists it under Linked devices, log it out there. Then link the device again.',
	unlinked_here: 'You unlinked the device. Link one to go on.',
	banned:
		'WhatsApp has banned or locked this account. Open WhatsApp on your phone: it says why, and how to ask for a review. Link it again when it works there.',
	banned_for_a_while:
		'WhatsApp has banned this account for a while. Open WhatsApp on your phone to see for how long, and write less when it is over.',
	client_too_old:
		'WhatsApp no longer accepts this version of Chat Manager. Whoever runs this installation has to update it; your link stays.',
};
