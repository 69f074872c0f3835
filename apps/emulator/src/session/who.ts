import { pnJid } from '../binary/jid.ts';
import type { Who } from '../faults/faults.ts';
import type { Finished } from '../noise/handshake.ts';

/** Who a client says it is, before anything has been checked; nobody when it wants to be linked. */
export function whoIs({ payload }: Finished): Who {
	if (payload.devicePairingData) return {};
	const phone = String(payload.username ?? '');
	return { phone, device: pnJid(phone, payload.device ?? 0) };
}
