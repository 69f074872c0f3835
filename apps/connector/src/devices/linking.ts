import type { Vault } from '@chat-manager/backend';
import type { Clock } from '@chat-manager/service';
import { type DeviceChange, nothingShown } from '../database/devices.ts';
import type { LinkMethod } from '../database/tables.ts';

/** How a device is to be linked; `phone`: whose, digits only, for a code. */
export type Link = { method: LinkMethod; phone: string | null };

/** How long WhatsApp shows a QR code before the next one: the first of them, and each one after it. */
const qrLifetimesMs = [60_000, 20_000] as const;
/** A code to type lasts as long as the connection that asked for it: until the sixth and last QR code has run out. */
const codeLifetimeMs = qrLifetimesMs[0] + 5 * qrLifetimesMs[1];

/** What is shown to the person during one connection that waits to be linked. The first QR code says that it is ready. */
export function createLinking(options: {
	userId: string;
	link: Link;
	vault: Vault;
	clock: Clock;
	requestCode: (phone: string) => Promise<string>;
}): { show(qr: string): Promise<DeviceChange | undefined> } {
	const { userId, link, vault, clock, requestCode } = options;
	let count = 0;
	return {
		/** What changes in the device when WhatsApp gives a QR code; `undefined`: nothing. */
		async show(qr) {
			const isFirst = count++ === 0;
			const now = clock.now();
			if (link.method === 'qr' || link.phone === null) {
				const until = new Date(now + qrLifetimesMs[isFirst ? 0 : 1]);
				const sealed = await vault.seal({ userId, row: 'devices/qr' }, qr);
				return { state: 'linking', ...nothingShown, qr: sealed, qr_expires_at: until };
			}
			if (!isFirst) return undefined;
			const code = await vault.seal({ userId, row: 'devices/code' }, await requestCode(link.phone));
			return {
				state: 'linking',
				...nothingShown,
				code,
				code_expires_at: new Date(now + codeLifetimeMs),
			};
		},
	};
}
