import { expect, vi } from 'vitest';
import { z } from 'zod';
import { findDevice } from '../../src/database/devices.ts';
import { admin, startConnectorSystem } from './connector-system.ts';

export const waiting = { timeout: 30_000, interval: 50 };
/** How long a device is away before it is told, shorter than in earnest, and longer than a busy machine takes to connect. */
export const awaySeconds = 4;

/** The connector with short times, and what tests of a device's life ask for again and again. */
export async function startDeviceWorld() {
	const net = await startConnectorSystem();
	const connector = net.system.service('connector');
	await connector.stop();
	await connector.start({ CM_AWAY_SECONDS: String(awaySeconds), CM_PING_SECONDS: '1' });

	type Person = ReturnType<typeof net.person>;
	const told = (userId: string) =>
		net.events.flatMap((event) =>
			(event.type === 'device.connected' || event.type === 'device.disconnected') && event.userId === userId
				? [`${event.type.slice('device.'.length)} ${event.data.state} ${event.data.reason ?? ''}`.trim()]
				: [],
		);
	const isAbsence = (what: string | undefined) =>
		/^disconnected (re)?connecting|^disconnected offline/.test(what ?? '');
	const isReturn = (userId: string, index: number) =>
		told(userId)[index] === 'connected connected' && isAbsence(told(userId)[index - 1]);
	/** When the device was away, and when whatever came after it did. */
	const absences = (userId: string) => {
		const changes = net.events.filter(({ type, userId: of }) => type.startsWith('device.') && of === userId);
		return told(userId).flatMap((what, index) => {
			const [away, back] = [changes[index]?.at, changes[index + 1]?.at];
			if (!isAbsence(what) || away === undefined || back === undefined) return [];
			return [{ away: Date.parse(away), back: Date.parse(back) }];
		});
	};
	return {
		...net,
		told,
		/**
		 * Waits until this is all that subscribers were told of the user's device. On a busy machine it may take so long to
		 * connect again that this is told, too: then it must have been that long.
		 */
		toldIs: (userId: string, expected: readonly unknown[]) =>
			vi.waitFor(() => {
				expect(told(userId).filter((what, index) => !isAbsence(what) && !isReturn(userId, index))).toEqual(
					expected,
				);
				for (const { away, back } of absences(userId))
					expect(back - away).toBeGreaterThanOrEqual(awaySeconds * 1_000);
			}, waiting),
		/** Waits until the device looks like this. */
		deviceIs: (person: Person, expected: object) =>
			vi.waitFor(async () => expect(await person.device()).toMatchObject(expected), waiting),
		/** Since when it is connected; 0 while it is not. */
		async connectedAtMs(userId: string): Promise<number> {
			const device = await findDevice(net.db, userId);
			return device?.state === 'connected' ? device.updated_at.getTime() : 0;
		},
		/** Asks the simulated network for a fault; answers how to take it back. */
		async fault(what: object): Promise<() => Promise<unknown>> {
			const { id } = z.object({ id: z.string() }).parse(await admin(net.system, '/admin/faults', what));
			return () => admin(net.system, `/admin/faults/${id}`, undefined, { method: 'DELETE' });
		},
		link: (person: Person, input: { method?: 'qr' | 'code'; phone?: string } = {}) =>
			person.anywhere.devices.link({ network: 'simulated', ...input }, person.caller()),
		async linked(userId: string, phone: string): Promise<Person> {
			const person = net.person(userId);
			await person.link(phone);
			return person;
		},
		type: (phone: string, code: string) =>
			admin(net.system, `/admin/accounts/${phone}/pairing-code`, { code }),
		scan: (phone: string, qr: string) =>
			admin(net.system, `/admin/mock-phone/scan-qr?phone=${phone}`, qr, { type: 'text/plain' }),
		shownCode: (person: Person) =>
			vi.waitFor(async () => z.string().parse((await person.device()).code), waiting),
		shownQr: (person: Person) =>
			vi.waitFor(async () => z.string().parse((await person.device()).qr), waiting),
		devicesOf: async (phone: string) =>
			z
				.object({ devices: z.array(z.object({ jid: z.string() })) })
				.parse(await admin(net.system, `/admin/devices?phone=${phone}`)).devices,
	};
}
