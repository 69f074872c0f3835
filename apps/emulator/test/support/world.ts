import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/index.ts';
import { type Clients, startClients } from './clients.ts';

/** An emulator, a process with Baileys clients, and a folder: what most tests need. All gone when disposed of. */
export type World = AsyncDisposable & {
	readonly emulator: Emulator;
	/** They trust the emulator's certificate, and look for WhatsApp's media hosts at the emulator. */
	readonly clients: Clients;
	readonly folder: string;
};

export async function createWorld(options: EmulatorOptions = {}): Promise<World> {
	const folder = await mkdtemp(join(tmpdir(), 'emulator-'));
	const emulator = await createEmulator(options);
	const clients = startClients(await trusting(emulator, folder));
	return {
		emulator,
		clients,
		folder,
		async [Symbol.asyncDispose]() {
			await clients.kill();
			await emulator.close();
			await rm(folder, { recursive: true });
		},
	};
}

/** The environment in which a client trusts the emulator and nothing of it leaves the machine. */
async function trusting(emulator: Emulator, folder: string): Promise<Record<string, string>> {
	const path = join(folder, 'emulator.pem');
	await writeFile(path, emulator.certificate);
	return {
		NODE_EXTRA_CA_CERTS: path,
		NODE_USE_ENV_PROXY: '1',
		HTTPS_PROXY: `http://${emulator.host}:${emulator.port}`,
		NO_PROXY: emulator.host,
	};
}
