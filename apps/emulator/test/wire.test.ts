import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeStanza } from '../src/binary/decode.ts';
import { encodeStanza } from '../src/binary/encode.ts';
import { node } from '../src/binary/node.ts';
import { generateKeyPair } from '../src/crypto/x25519.ts';
import { sign, verify } from '../src/crypto/xeddsa.ts';
import { createFrameReader, frame } from '../src/noise/frames.ts';
import { link } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

describe('binary XML', () => {
	it.each([
		'',
		'plain',
		'Lunch 12:30@HQ',
		'lunch_club@noon',
		'123@lid',
		'1:0@lid',
		'1:7@lid',
		'1:300@lid',
		'15550001111:4@s.whatsapp.net',
		'@s.whatsapp.net',
		's.whatsapp.net',
		'120363000000000001@g.us',
		'status@broadcast',
		'read-self',
		'0123456789',
		'DEADBEEF',
		'naïve 🥑',
		'constructor',
		'x'.repeat(70_000),
	])('gives back the text %j as it was', (value) => {
		const stanza = node('message', { subject: value }, [node('body', {}, Buffer.from(value))]);
		expect(decodeStanza(encodeStanza(stanza))).toEqual(stanza);
	});

	it('refuses attributes that are not text', () => {
		expect(() => node('x', { count: 1 as never })).toThrow(TypeError);
	});
});

describe('frames', () => {
	it('are found however the bytes arrive, with and without routing information', () => {
		const header = Buffer.from('5741' + '0603', 'hex');
		const routing = Buffer.concat([Buffer.from('45440001' + '000003', 'hex'), Buffer.from('abc')]);
		const frames = [Buffer.from('one'), Buffer.alloc(300, 7), Buffer.alloc(0)];
		for (const intro of [header, Buffer.concat([routing, header])]) {
			const all = Buffer.concat([intro, ...frames.map(frame)]);
			expect(createFrameReader().push(all)).toEqual(frames);
			const reader = createFrameReader();
			const pieces = [...all].flatMap((byte) => reader.push(Buffer.from([byte])));
			expect(pieces).toEqual(frames);
		}
	});
});

describe('XEdDSA', () => {
	const resolve = createRequire(import.meta.resolve('@whiskeysockets/baileys'));
	const stock: Stock = createRequire(resolve.resolve('libsignal'))('curve25519-js');

	it('agrees with the JavaScript implementation, in both directions, and accepts nothing tampered with', () => {
		for (let round = 0; round < 8; round++) {
			const key = generateKeyPair();
			const message = Buffer.from(`message ${round}`);
			const ours = sign(key.private, key.public, message);
			const theirs = Buffer.from(stock.sign(key.private, message));
			expect([stock.verify(key.public, message, ours), verify(key.public, message, theirs)]).toEqual([
				true,
				true,
			]);
			const tampered = Buffer.from(theirs);
			tampered.writeUInt8(tampered.readUInt8(round) ^ 1, round);
			expect(verify(key.public, message, tampered)).toBe(false);
			expect(verify(key.public, Buffer.from('other'), theirs)).toBe(false);
			expect(verify(generateKeyPair().public, message, theirs)).toBe(false);
		}
	});
});

describe('a malformed client', () => {
	let world: World;
	beforeAll(async () => {
		world = await createWorld();
	});
	afterAll(() => world[Symbol.asyncDispose]());

	it.each([
		['no WhatsApp at all', Buffer.from('GET / HTTP/1.1')],
		[
			'a frame that is no handshake',
			Buffer.concat([Buffer.from('57410603', 'hex'), frame(Buffer.alloc(40, 255))]),
		],
		[
			'a handshake without a key',
			Buffer.concat([Buffer.from('57410603', 'hex'), frame(Buffer.from('1200', 'hex'))]),
		],
		[
			'a key of low order',
			Buffer.concat([
				Buffer.from('57410603', 'hex'),
				frame(Buffer.concat([Buffer.from('12220a20', 'hex'), Buffer.alloc(32)])),
			]),
		],
	])('that sends %s is cut off', async (_name, data) => {
		const socket = new WebSocket(world.emulator.url);
		await once(socket, 'open');
		socket.send(data);
		await once(socket, 'close');
	});

	it('is cut off alone when a stanza lacks what it must have', async () => {
		const { emulator, clients } = world;
		const good = await link(emulator, clients, '15550000051');
		const bad = await link(emulator, clients, '15550000052');
		await bad.client.call('sendNode', { tag: 'message', attrs: { id: 'X' } });
		await bad.client.until(({ connections }) => connections().some(({ code }) => code === 428), 'the cut');
		expect(await good.client.call('groupFetchAllParticipating')).toEqual({});
		expect(good.client.connections().filter(({ code }) => code !== undefined && code !== 515)).toEqual([]);
	});

	it('elsewhere than at /ws/chat gets no connection', async () => {
		const socket = new WebSocket(world.emulator.url.replace('/ws/chat', '/other'));
		const [error] = await once(socket, 'error');
		expect(String(error)).toContain('404');
	});
});

type Stock = {
	sign(key: Uint8Array, message: Uint8Array): Uint8Array;
	verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
};
