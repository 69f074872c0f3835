import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/index.ts';
import { type Clients, startClients } from './clients.ts';

/** An emulator, a process with Baileys clients, and a folder: what most tests need. All gone when disposed of. */
export type World = AsyncDisposable & {
	readonly emulator: Emulator;
	readonly clients: Clients;
	readonly folder: string;
};

export async function createWorld(options: EmulatorOptions = {}): Promise<World> {
	const folder = await mkdtemp(join(tmpdir(), 'emulator-'));
	const emulator = await createEmulator(options);
	const clients = startClients();
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
