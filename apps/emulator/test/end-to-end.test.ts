import { randomBytes } from 'node:crypto';
import type { AnyMessageContent, WAMessage } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './support/clients.ts';
import { opened } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000091';
const B = '15550000092';
const OPERATOR = '15550000093';
const jid = (phone: string) => `${phone}@s.whatsapp.net`;
const FILE = randomBytes(20_000);
/** As Baileys counts them; a message as a whole comes with their names. */
const statuses = { DELIVERY_ACK: 3, READ: 4 } as const;

/**
 * What Baileys' own public end-to-end tests expect of a server: clients pair by handing their QR code to the admin endpoint,
 * find the operator's group, and do everything to each other that the client can, with every event that it promises.
 */
describe.each(['ws', 'wss'] as const)('two clients over %s', (transport) => {
	let world: World;
	let a: Client;
	let b: Client;
	let group: string;
	beforeAll(async () => {
		world = await createWorld();
		await admin('POST', '/accounts', { phone: OPERATOR, pushName: 'Operator' });
		a = await paired(A);
		b = await paired(B);
		const made = await admin('POST', '/groups', {
			by: OPERATOR,
			subject: 'Meeting point',
			participants: [A, B],
		});
		expect(made.failed).toEqual([]);
	});
	afterAll(() => world[Symbol.asyncDispose]());

	// biome-ignore lint/suspicious/noExplicitAny: the test asserts on whatever comes
	async function admin(method: string, path: string, body: unknown): Promise<any> {
		const text = typeof body === 'string';
		const response = await fetch(`${world.emulator.adminUrl}${path}`, {
			method,
			headers: { 'content-type': text ? 'text/plain' : 'application/json', connection: 'close' },
			body: text ? body : JSON.stringify(body),
		});
		expect(response.status).toBe(200);
		return response.json();
	}
	async function paired(phone: string): Promise<Client> {
		const client = await world.clients.open(`${phone}#${++count}`, {
			url: transport === 'wss' ? world.emulator.secureUrl : world.emulator.url,
		});
		const { qr = '' } = await client.until(
			({ connections }) => connections().find((update) => update.qr),
			'a QR code',
		);
		await admin('POST', `/mock-phone/scan-qr?phone=${phone}`, qr);
		await opened(client);
		return client;
	}
	const upserted = (client: Client, key: WAMessage['key']) =>
		client.until(
			({ upserts }) =>
				upserts()
					.flatMap(({ messages }) => messages)
					.find((message) => message.key.id === key.id && message.message),
			`messages.upsert of ${key.id}`,
		);
	const changed = (client: Client, action: string, phone: string) =>
		client.until(
			(one) =>
				one
					.of('group-participants.update')
					.find(
						(update) =>
							update.id === group &&
							update.action === action &&
							update.participants.some((who: { phoneNumber: string }) => who.phoneNumber === jid(phone)),
					),
			`group-participants.update ${action} ${phone}`,
		);
	const act = async (client: Client, action: string, phone: string) => {
		const [result] = await client.call('groupParticipantsUpdate', group, [jid(phone)], action);
		expect(result?.status).toBe('200');
		await changed(a, action, phone);
		// Who is added gets the group instead.
		if (action !== 'add' || phone !== B) await changed(b, action, phone);
		a.clear();
		b.clear();
	};

	it('find the group that the operator has made', async () => {
		for (const client of [a, b]) {
			await client.until((one) => one.of('groups.upsert')[0], 'groups.upsert');
			const groups = await client.call('groupFetchAllParticipating');
			expect(Object.values(groups).map(({ subject }) => subject)).toEqual(['Meeting point']);
		}
	});

	it('create a group, and add, remove, promote and demote each other', async () => {
		group = (await a.call('groupCreate', 'Made by A', [jid(B)])).id;
		const upsert = await b.until(
			(one) =>
				one
					.of('groups.upsert')
					.flat()
					.find(({ id }) => id === group),
			'groups.upsert',
		);
		expect(upsert).toMatchObject({ subject: 'Made by A', authorPn: jid(A) });
		await act(a, 'promote', B);
		await act(b, 'add', OPERATOR);
		await act(b, 'promote', OPERATOR);
		await act(b, 'demote', OPERATOR);
		await act(b, 'remove', OPERATOR);
		await act(a, 'demote', B);
		await act(a, 'remove', B);
		await act(a, 'add', B);
		// One after the other: of two changes that come at once, Baileys' buffer tells the first alone.
		for (const [method, text, field] of [
			['groupUpdateSubject', 'Renamed', 'subject'],
			['groupUpdateDescription', 'What it is for', 'desc'],
		] as const) {
			await a.call(method, group, text);
			await b.until(
				(one) =>
					one
						.of('groups.update')
						.flat()
						.find((update) => update[field] === text),
				field,
			);
		}
	});

	describe.each(['in the group', 'directly'])('%s', (where) => {
		const chat = (to: string) => (where === 'directly' ? jid(to) : group);

		/** Both send, both receive. */
		async function both(
			content: () => AnyMessageContent,
			check: (message: WAMessage) => unknown,
		): Promise<void> {
			for (const [from, to, phone] of [
				[a, b, B],
				[b, a, A],
			] as const) {
				const sent = await from.post(chat(phone), content());
				const message = await upserted(to, sent.key);
				expect(message.key.fromMe).toBe(false);
				await check(message);
			}
		}

		it('exchange texts, places, contacts and polls', async () => {
			await both(
				() => ({ text: 'hello' }),
				({ message }) => expect(message?.extendedTextMessage?.text).toBe('hello'),
			);
			await both(
				() => ({ location: { degreesLatitude: 1, degreesLongitude: 2 } }),
				({ message }) => expect(message?.locationMessage).toMatchObject({ degreesLatitude: 1 }),
			);
			const vcard = 'BEGIN:VCARD\nVERSION:3.0\nFN:Bob\nEND:VCARD';
			await both(
				() => ({ contacts: { displayName: 'Bob', contacts: [{ vcard }] } }),
				({ message }) => expect(message?.contactMessage?.vcard).toBe(vcard),
			);
			await both(
				() => ({ poll: { name: 'Pizza?', values: ['yes', 'no'], selectableCount: 1 } }),
				({ message }) => expect(message?.pollCreationMessageV3?.name).toBe('Pizza?'),
			);
		});

		it('exchange media', async () => {
			const files: AnyMessageContent[] = [
				{ image: FILE, caption: 'look' },
				{ video: FILE },
				{ audio: FILE, mimetype: 'audio/mp4' },
				{ document: FILE, mimetype: 'application/pdf', fileName: 'a.pdf' },
			];
			for (const content of files) {
				const sent = await a.post(chat(B), content);
				const message = await upserted(b, sent.key);
				expect((await b.download(message)).equals(FILE)).toBe(true);
			}
		});

		it('reply, react, edit and delete', async () => {
			const first = await a.post(chat(B), { text: 'first' });
			const quoted = await upserted(b, first.key);
			const reply = await b.post(chat(A), { text: 'reply' }, { quoted });
			const { message } = await upserted(a, reply.key);
			expect(message?.extendedTextMessage?.contextInfo?.stanzaId).toBe(first.key.id);

			await b.post(chat(A), { react: { text: '🍕', key: quoted.key } });
			const { reaction } = await a.until(
				(one) =>
					one
						.of('messages.reaction')
						.flat()
						.find(({ key }) => key.id === first.key.id),
				'messages.reaction',
			);
			expect(reaction.text).toBe('🍕');

			const update = (wanted: (update: { message?: unknown }) => boolean) =>
				b.until(
					(one) =>
						one
							.of('messages.update')
							.flat()
							.find((change) => change.key.id === first.key.id && wanted(change.update)),
					'messages.update',
				);
			await a.post(chat(B), { text: 'first, edited', edit: first.key });
			const edited = await update(({ message: content }) => Boolean(content));
			expect(JSON.stringify(edited.update.message)).toContain('first, edited');
			await a.post(chat(B), { delete: first.key });
			await update(({ message: content }) => content === null);
		});

		it('see each other read', async () => {
			const sent = await a.post(chat(B), { text: 'read me' });
			const { key } = await upserted(b, sent.key);
			/**
			 * Baileys tells of direct messages by their status, of those to groups by receipts; and of either within the message,
			 * where they came while it was still in Baileys' buffer.
			 */
			const has = (status: 'DELIVERY_ACK' | 'READ', time: 'receiptTimestamp' | 'readTimestamp') =>
				a.until((one) => {
					const changes = [...one.of('messages.update').flat(), ...one.of('message-receipt.update').flat()]
						.filter(({ key: { id } }) => id === sent.key.id)
						.flatMap(({ update, receipt }) => update ?? { userReceipt: [receipt] });
					const whole = one
						.upserts()
						.flatMap(({ messages }) => messages.filter((m) => m.key.id === sent.key.id));
					return [...changes, ...whole].some((said) =>
						where === 'directly'
							? [status, statuses[status]].includes(said.status)
							: said.userReceipt?.some((receipt: Record<string, unknown>) => receipt[time]),
					);
				}, time);
			// One after the other: of two that come at once, Baileys' buffer tells the last alone.
			await has('DELIVERY_ACK', 'receiptTimestamp');
			await b.call('readMessages', [key]);
			await has('READ', 'readTimestamp');
		});
	});

	it('reach a device that is linked later, and one less when it goes', async () => {
		const second = await paired(B);
		const direct = await a.post(jid(B), { text: 'to both devices' });
		await upserted(b, direct.key);
		await upserted(second, direct.key);
		await second.call('logout');
		await second.until(({ connections }) => connections().some(({ code }) => code === 401), 'the logout');
		const later = await a.post(jid(B), { text: 'to the one that is left' });
		await upserted(b, later.key);
	});

	it('leave, and nothing is left over', async () => {
		await b.call('groupLeave', group);
		await changed(a, 'remove', B);
		await expect(b.call('groupMetadata', group)).rejects.toMatchObject({ code: 403 });
		const queues = () => world.emulator.devices.list().map(({ queueLength }) => queueLength);
		await world.emulator.waitFor(() => queues().every((length) => length === 0));
	});
});

let count = 0;
