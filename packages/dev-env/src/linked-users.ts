import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { MasterKeys } from '@chat-manager/service';
import { z } from 'zod';
import type { System } from './system/system.ts';

const LinkedDevice = z.object({
	phone: z.string(),
	jid: z.string(),
	auth: z.object({
		creds: z.record(z.string(), z.unknown()),
		keys: z.record(z.string(), z.record(z.string(), z.unknown())),
	}),
});

type Imported = z.infer<typeof LinkedDevice> & { userId: string; network: string };

/** The connector's `importDevices`; handed in, for this package runs the apps and imports none. */
export type ImportDevices = (
	options: { databaseUrl: string; masterKeys: z.output<typeof MasterKeys> },
	devices: AsyncIterable<Imported>,
) => Promise<void>;

export type LinkedUser = { userId: string; phone: string; jid: string };

/**
 * Many users with a linked device each, for loads: made by the simulated network, and imported into the connectors' schema
 * where the next connector that looks finds them. Two hundred pairings would take minutes.
 */
export async function createLinkedUsers(
	system: System,
	importDevices: ImportDevices,
	options: { count: number; preKeys?: number; groups?: readonly string[] },
): Promise<LinkedUser[]> {
	const users: LinkedUser[] = [];
	const masterKeys = MasterKeys.parse(`k1:${system.secrets.services.connector?.masterKey}`);
	async function* named(): AsyncGenerator<Imported> {
		for await (const device of linkedDevices(system, options)) {
			const userId = `user-${device.phone}`;
			users.push({ userId, phone: device.phone, jid: device.jid });
			yield { ...device, userId, phone: `+${device.phone}`, network: 'simulated' };
		}
	}
	await importDevices({ databaseUrl: system.databaseUrl('connector'), masterKeys }, named());
	return users;
}

async function* linkedDevices(system: System, options: object): AsyncGenerator<z.infer<typeof LinkedDevice>> {
	const response = await fetch(`${system.emulatorUrl}/admin/linked-devices`, {
		method: 'POST',
		body: JSON.stringify(options),
		headers: {
			authorization: `Bearer ${system.emulatorAdminToken}`,
			'content-type': 'application/json',
			connection: 'close',
		},
	});
	if (!response.ok || response.body === null)
		throw new Error(`No linked devices: ${response.status} ${await response.text()}`);
	for await (const line of createInterface({ input: Readable.fromWeb(response.body) }))
		yield LinkedDevice.parse(JSON.parse(line));
}
