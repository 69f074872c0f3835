import { z } from 'zod';
import { askSimulator } from './simulated-person.ts';
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
	const { groups } = Groups.parse(await askSimulator(system, '/admin/groups'));
	if (groups.length > 0) return;
	for (const account of [...people, { phone: you }]) await askSimulator(system, '/admin/accounts', account);
	const [berta, ...others] = people.map(({ phone }) => phone);
	await askSimulator(system, '/admin/groups', {
		by: berta,
		subject: 'Neighbours',
		participants: [...others, you],
	});
}

const Groups = z.object({ groups: z.array(z.unknown()) });
