import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeStanza } from '../src/binary/encode.ts';
import { parseJid } from '../src/binary/jid.ts';
import type { LinkedDevice } from '../src/index.ts';
import { frame } from '../src/noise/frames.ts';
import type { Client } from './support/clients.ts';
import { createFuzzer, type Fuzzer, keepLog } from './support/fuzzer.ts';
import { opened } from './support/link.ts';
import { mutateBytes, mutateStanza } from './support/mutate.ts';
import { createRandom, type Random } from './support/random.ts';
import type { RawClient } from './support/raw-client.ts';
import { readSettings } from './support/settings.ts';
import { stanzaSamples } from './support/stanza-samples.ts';
import { createWorld, type World } from './support/world.ts';

const V = '15550000071';
const STRANGER = '15550000072';
const { full, fuzzSeed: seed } = readSettings();
const FRAMES = full ? 50_000 : 2000;
const LOOK_EVERY = 100;
const ERROR = 50;
/** What comes of a stanza that nobody checked. */
const MISTAKES = ['TypeError', 'ReferenceError', 'SyntaxError'];

describe(`${FRAMES} mutated frames (CM_SEED=${seed})`, () => {
	const { log, lines } = keepLog();
	let world: World;
	let honest: Client;
	let honestDevice: LinkedDevice;
	let chat: string;
	let fuzzer: Fuzzer;
	let fuzzed: string;
	beforeAll(async () => {
		process.stdout.write(`fuzz: ${FRAMES} frames, CM_SEED=${seed}\n`);
		world = await createWorld({ logger: log });
		const { emulator, clients, folder } = world;
		for (const phone of [V, STRANGER]) emulator.accounts.create({ phone });
		chat = emulator.groups.create({ by: V, subject: 'Honest' }).id;
		[honestDevice] = (await emulator.linkedDevices(1, { groups: [chat] })) as [LinkedDevice];
		const authPath = join(folder, 'honest.json');
		await writeFile(authPath, JSON.stringify(honestDevice.auth));
		honest = await clients.open('honest', { url: emulator.url, authPath });
		await opened(honest);
		fuzzer = await createFuzzer(emulator, newDevice);
	});
	afterAll(async () => {
		await fuzzer.leave();
		await world[Symbol.asyncDispose]();
	});

	/** A device whose account is an admin of a group with strangers. */
	async function newDevice(): Promise<LinkedDevice> {
		const { emulator } = world;
		const [device] = await emulator.linkedDevices(1, { phonePrefix: '1599' });
		if (!device) throw new Error('A device was asked for.');
		const participants = [STRANGER, honestDevice.phone];
		fuzzed = emulator.groups.create({ by: device.phone, subject: 'Fuzz', participants }).id;
		return device;
	}

	it('close at most their own connection, with a reason in the log; others go on', {
		timeout: full ? 3_600_000 : 240_000,
	}, async () => {
		const random = createRandom(seed);
		for (let count = 1; count <= FRAMES; count++) {
			const client = await fuzzer.client();
			await sendOne(client, random);
			await fuzzer.handled(client);
			if (count % LOOK_EVERY === 0) await exchange(count);
		}
		await fuzzer.leave();

		const cuts = lines.filter(({ msg }) => msg.startsWith('connection cut'));
		expect(cuts.length).toBeGreaterThanOrEqual(fuzzer.cut());
		expect(cuts.length).toBeGreaterThan(0);
		expect(cuts.filter(({ err, reason }) => !err?.message && !reason)).toEqual([]);
		const mistakes = cuts.filter(({ err }) => MISTAKES.includes(err?.type ?? ''));
		expect([...new Set(mistakes.map(({ err }) => err?.stack))]).toEqual([]);
		expect(lines.filter(({ level }) => level >= ERROR)).toEqual([]);
		expect(honest.connections().filter(({ connection }) => connection === 'close')).toEqual([]);
		// Reads the whole state back, through the same checks as a state file.
		await world.emulator.restart();
	});

	async function sendOne(client: RawClient, random: Random): Promise<void> {
		const { phone, lid } = fuzzer.device;
		const other = random.once(20) ? honestDevice.phone : STRANGER;
		const sample = random.pick(
			stanzaSamples({ phone, lid: parseJid(lid)?.user ?? '', other, group: fuzzed }, random),
		);
		const way = random.number(20);
		if (way < 13) client.send(mutateStanza(sample, random));
		else if (way < 18) {
			client.sendPlain(mutateBytes(encodeStanza(sample), random));
		} else if (way < 19) client.sendBytes(frame(random.bytes(random.number(100))));
		else {
			// The bytes of a frame that never ends: nothing can follow on this connection.
			client.sendBytes(mutateBytes(frame(encodeStanza(sample)), random));
			await fuzzer.leave();
		}
	}

	async function exchange(count: number): Promise<void> {
		const { emulator } = world;
		await emulator.phones.send(V, chat, `to the client ${count}`);
		await honest.until(({ texts }) => texts(`to the client ${count}`)[0], 'the message of V');
		await honest.send(chat, `to the phone ${count}`);
		await emulator.waitFor(() =>
			emulator.phones.read(V, chat).some(({ text }) => text === `to the phone ${count}`),
		);
		honest.clear();
	}
});
