import { z } from 'zod';
import type { System } from './system/system.ts';

/** Whose phone scans a QR code unless another is named (the emulator's default). */
const you = '15550000001';
const people = [
	{ phone: '15550100001', pushName: 'Berta' },
	{ phone: '15550100002', pushName: 'Carlos' },
	{ phone: '15550100003', pushName: 'Dolores' },
] as const;

/**
 * Puts a group with a few people into a simulated network that is empty, so that somebody who tries the product without a
 * phone has something to star. Does nothing once there is a group.
 */
export async function seedSimulatedNetwork(system: System): Promise<void> {
	const { groups } = Groups.parse(await ask(system, 'GET', '/admin/groups'));
	if (groups.length > 0) return;
	for (const account of [...people, { phone: you }]) await ask(system, 'POST', '/admin/accounts', account);
	const [berta, ...others] = people.map(({ phone }) => phone);
	await ask(system, 'POST', '/admin/groups', {
		by: berta,
		subject: 'Neighbours',
		participants: [...others, you],
	});
}

const Groups = z.object({ groups: z.array(z.unknown()) });

async function ask(system: System, method: string, path: string, body?: unknown): Promise<unknown> {
	const response = await fetch(`${system.emulatorUrl}${path}`, {
		method,
		headers: { authorization: `Bearer ${system.emulatorAdminToken}`, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	if (!response.ok) throw new Error(`The simulated network answered ${response.status} to ${path}`);
	return response.json();
}
