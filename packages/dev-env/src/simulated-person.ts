import { setTimeout as delay } from 'node:timers/promises';
import { type Bus, type Caller, createClient, createGrantSigner } from '@chat-manager/bus';
import { allScopes, type Grant } from '@chat-manager/contracts';
import type { System } from './system/system.ts';

export type SimulatedPerson = ReturnType<typeof createSimulatedPerson>;

/**
 * Somebody with a device on the simulated network, who speaks to the connectors with grants signed as the gateway signs
 * them: for tests and benchmarks that need no gateway.
 */
export function createSimulatedPerson(system: System, bus: Bus, userId: string) {
	const sign = createGrantSigner(system.secrets.grantPrivateKey);
	const anywhere = createClient(bus, 'connectors');
	const holder = createClient(bus, 'connector');
	const caller = (change: Partial<Grant> = {}): Caller => {
		const deadline = Date.now() + 30_000;
		const grant: Grant = {
			callId: crypto.randomUUID(),
			userId,
			scopes: [...allScopes],
			groups: null,
			confirmed: true,
			deadline,
			...change,
		};
		return { userId, deadline, signedGrant: sign(grant) };
	};
	const device = () => anywhere.devices.get({}, caller());
	const connected = () => until(async () => (await device()).state === 'connected', `${userId} is connected`);
	return {
		userId,
		anywhere,
		holder,
		caller,
		device,
		connected,
		/** Links a device by scanning its QR code with the phone of that number, and waits until it is connected. */
		async link(phone: string): Promise<void> {
			await anywhere.devices.link({ network: 'simulated' }, caller());
			const qr = await until(async () => (await device()).qr, `${userId} is shown a QR code`);
			await askSimulator(system, `/admin/mock-phone/scan-qr?phone=${phone}`, qr, { type: 'text/plain' });
			await connected();
		},
	};
}

/** Calls the simulated network's admin API; a string is sent as it is, anything else as JSON. */
export async function askSimulator(
	system: Pick<System, 'emulatorUrl' | 'emulatorAdminToken'>,
	path: string,
	body?: unknown,
	{ type = 'application/json', method = body === undefined ? 'GET' : 'POST' } = {},
): Promise<unknown> {
	const response = await fetch(`${system.emulatorUrl}${path}`, {
		method,
		...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		headers: {
			authorization: `Bearer ${system.emulatorAdminToken}`,
			'content-type': type,
			connection: 'close', // Kept ones die unnoticed while the simulated network is restarted.
		},
	});
	if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
	return response.json();
}

const patienceMs = 60_000;

async function until<T>(condition: () => Promise<T | null | false>, what: string): Promise<T> {
	let last: unknown;
	for (const end = Date.now() + patienceMs; Date.now() < end; await delay(50)) {
		try {
			const answer = await condition();
			if (answer !== null && answer !== false) return answer;
		} catch (error) {
			last = error; // A service that is coming back.
		}
	}
	throw new Error(`Not within ${patienceMs} ms: ${what}`, { cause: last });
}
