import type { System } from './system/system.ts';

/** The phone that a scanned QR code belongs to unless another one is named; the emulator makes it up when it is asked. */
const neighbours = { subject: 'Neighbours', by: '15550100001', members: ['15550100002', '15550100003'] };
const names = ['Berta', 'Carlos', 'Dolores'];

/**
 * Puts a group with a few people into a simulated network that is empty, so that somebody who tries the product without a
 * phone has something to star. Does nothing once there is a group.
 */
export async function seedSimulatedNetwork(system: System, defaultPhone: string): Promise<void> {
	const { groups } = (await ask(system, 'GET', '/admin/groups')) as { groups: unknown[] };
	if (groups.length > 0) return;
	const people = [neighbours.by, ...neighbours.members];
	for (const [index, phone] of people.entries()) {
		await ask(system, 'POST', '/admin/accounts', { phone, pushName: names[index] });
	}
	await ask(system, 'POST', '/admin/accounts', { phone: defaultPhone });
	await ask(system, 'POST', '/admin/groups', {
		by: neighbours.by,
		subject: neighbours.subject,
		participants: [...neighbours.members, defaultPhone],
	});
}

async function ask(system: System, method: string, path: string, body?: unknown): Promise<unknown> {
	const response = await fetch(`${system.emulatorUrl}${path}`, {
		method,
		headers: { authorization: `Bearer ${system.emulatorAdminToken}`, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	if (!response.ok) throw new Error(`The simulated network answered ${response.status} to ${path}`);
	return response.json();
}
