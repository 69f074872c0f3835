import { createHash, randomBytes } from 'node:crypto';
import { decryptPollVote, type WAMessage } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContentInput, ReadMessage } from '../src/index.ts';
import type { Client } from './support/clients.ts';
import { link } from './support/link.ts';
import { receiptsOf } from './support/receipts.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000071';
const B = '15550000072';
const V = '15550000073';
const jid = (phone: string) => `${phone}@s.whatsapp.net`;
const FILE = randomBytes(40_000);

/** The first message of this kind that has reached a client. */
function arrived(client: Client, id: string): Promise<WAMessage> {
	return client.until(
		({ upserts }) =>
			upserts()
				.flatMap(({ messages }) => messages)
				.find(({ key, message }) => key.id === id && message),
		`message ${id}`,
	);
}
/** A change of an earlier message. */
function changed(client: Client, id: string) {
	return client.until((one) => {
		const updates = one.of('messages.update').flat();
		return updates.find(({ key, update }) => key.id === id && 'message' in update);
	}, `a change of ${id}`);
}

describe('content of every kind', () => {
	let world: World;
	let a: Client;
	let b: Client;
	let group: string;
	beforeAll(async () => {
		world = await createWorld();
		world.emulator.accounts.create({ phone: V, pushName: 'Vera' });
		const url = world.emulator.secureUrl;
		a = (await link(world.emulator, world.clients, A, { url })).client;
		b = (await link(world.emulator, world.clients, B, { url })).client;
		group = (await a.call('groupCreate', 'Kinds', [jid(B), jid(V)])).id;
		await b.until((one) => one.of('groups.upsert')[0], 'the group at B');
	});
	afterAll(() => world[Symbol.asyncDispose]());
	const say = async (content: ContentInput, to = group) =>
		(await world.emulator.phones.send(V, to, content)).id;
	/** What the simulated person sees. */
	const seen = (id: string | null | undefined): Promise<ReadMessage> =>
		world.emulator.waitFor(() => world.emulator.phones.read(V).find((message) => message.id === id));

	describe.each(['in a group', 'directly'])('from a simulated person, %s', (where) => {
		const to = () => (where === 'directly' ? A : group);

		it('replies and mentions', async () => {
			const first = await a.send(where === 'directly' ? jid(V) : group, `question ${where}`);
			await seen(first.key.id);
			const replyTo = first.key.id ?? '';
			const id = await say({ kind: 'text', text: '@someone answer', replyTo, mentions: [A, B] }, to());
			const { message } = await arrived(a, id);
			const { contextInfo, text } = message?.extendedTextMessage ?? {};
			expect(text).toBe('@someone answer');
			expect(contextInfo).toMatchObject({
				stanzaId: replyTo,
				quotedMessage: { extendedTextMessage: { text: `question ${where}` } },
			});
			expect(contextInfo?.mentionedJid).toEqual(
				[A, B].map((phone) => world.emulator.accounts.get(phone)?.lid),
			);
		});

		it.each([
			['image', 'imageMessage'],
			['video', 'videoMessage'],
			['audio', 'audioMessage'],
			['document', 'documentMessage'],
		] as const)('a file: %s', async (kind, field) => {
			const data = FILE.toString('base64');
			const content: ContentInput =
				kind === 'document'
					? { kind, data, fileName: 'menu.pdf', caption: 'look' }
					: { kind, data, caption: 'look' };
			const message = await arrived(a, await say(content, to()));
			expect(message.message?.[field]?.fileLength).toBe(String(FILE.length));
			expect((await a.download(message)).equals(FILE)).toBe(true);
		});

		it('a reaction, an edit and a deletion', async () => {
			const sent = await a.send(where === 'directly' ? jid(V) : group, `react to me ${where}`);
			await seen(sent.key.id);
			await say({ kind: 'reaction', target: sent.key.id ?? '', emoji: '🍕' }, to());
			// Baileys puts one that comes soon enough into the message itself.
			await a.until((one) => {
				const messages = one.upserts().flatMap((upsert) => upsert.messages);
				const inside = messages.flatMap(({ key, reactions }) =>
					(reactions ?? []).map((reaction) => ({ key, reaction })),
				);
				return [...one.of('messages.reaction').flat(), ...inside].find(
					({ key, reaction }) => key.id === sent.key.id && key.fromMe && reaction.text === '🍕',
				);
			}, 'the reaction');
			const id = await say({ kind: 'text', text: 'with a tpyo' }, to());
			await arrived(a, id);
			await say({ kind: 'edit', target: id, text: 'with a typo' }, to());
			const edited = await changed(a, id);
			expect(edited.update.message.editedMessage.message.conversation).toBe('with a typo');
			a.clear();
			await say({ kind: 'delete', target: id }, to());
			expect((await changed(a, id)).update.message).toBe(null);
		});

		it('a place and a contact', async () => {
			const place = await say({ kind: 'location', latitude: 52.5, longitude: 13.4, name: 'Here' }, to());
			expect((await arrived(a, place)).message?.locationMessage).toMatchObject({ degreesLatitude: 52.5 });
			const contact = await say({ kind: 'contact', name: 'Bob', phone: B }, to());
			expect((await arrived(a, contact)).message?.contactMessage?.vcard).toContain(`waid=${B}`);
		});

		it('a poll, and a vote in the client’s own', async () => {
			const id = await say({ kind: 'poll', question: 'Pizza?', options: ['yes', 'no'], selectable: 1 }, to());
			const { message } = await arrived(a, id);
			expect(message?.pollCreationMessageV3).toMatchObject({
				name: 'Pizza?',
				options: [{ optionName: 'yes' }, { optionName: 'no' }],
			});
			const poll = await a.post(where === 'directly' ? jid(V) : group, {
				poll: { name: 'When?', values: ['noon', 'night'], selectableCount: 1 },
			});
			expect(await seen(poll.key.id)).toMatchObject({ kind: 'pollCreationMessageV3', text: 'When?' });
			const choice: ContentInput = { kind: 'vote', target: poll.key.id ?? '', options: ['night'] };
			const vote = await arrived(a, await say(choice, to()));
			const { pollCreationMessageKey, vote: sealed } = vote.message?.pollUpdateMessage ?? {};
			expect(pollCreationMessageKey).toMatchObject({ id: poll.key.id, fromMe: true });
			const bytes = (value: unknown) => Buffer.from(String(value), 'base64');
			const opened = decryptPollVote(
				{ encPayload: bytes(sealed?.encPayload), encIv: bytes(sealed?.encIv) },
				{
					pollCreatorJid: world.emulator.accounts.get(A)?.lid ?? '',
					pollMsgId: poll.key.id ?? '',
					pollEncKey: bytes(poll.message?.messageContextInfo?.messageSecret),
					voterJid: world.emulator.accounts.get(V)?.lid ?? '',
				},
			);
			const night = createHash('sha256').update('night').digest();
			expect(Buffer.from(opened.selectedOptions[0] ?? []).equals(night)).toBe(true);
		});
	});

	it('an invitation for one person, which a client accepts', async () => {
		const { emulator } = world;
		emulator.accounts.setPrivacy(B, { groupadd: 'none' });
		const other = emulator.groups.create({ by: V, subject: 'Other', participants: [] });
		const [outcome] = emulator.groups.changeParticipants(other.id, V, 'add', [B]);
		expect(outcome).toMatchObject({ code: 403 });
		const { code = '', expiresAtMs = 0 } = outcome?.invite ?? {};
		const id = await say({ kind: 'group-invite', group: other.id, code, expiresAtMs, caption: 'come' }, B);
		const { key, message } = await arrived(b, id);
		expect(message?.groupInviteMessage).toMatchObject({ groupJid: other.id, groupName: 'Other' });
		expect(await b.call('groupAcceptInviteV4', key, message?.groupInviteMessage)).toBe(other.id);
		expect(emulator.groups.get(other.id)?.participants.map(({ phone }) => phone)).toEqual([V, B]);
	});

	describe.each(['in a group', 'directly'])('from a client, %s', (where) => {
		const to = () => (where === 'directly' ? jid(V) : group);

		it('files', async () => {
			const files = [
				{ image: FILE, caption: 'look' },
				{ video: FILE, caption: 'look' },
				{ audio: FILE, mimetype: 'audio/mp4' },
				{ document: FILE, mimetype: 'application/pdf', fileName: 'menu.pdf' },
			];
			for (const file of files) {
				const { key } = await a.post(to(), file);
				await seen(key.id);
				expect(world.emulator.phones.file(V, key.id ?? '').equals(FILE)).toBe(true);
				if (where === 'directly') continue;
				expect((await b.download(await arrived(b, key.id ?? ''))).equals(FILE)).toBe(true);
			}
		});

		it('everything else', async () => {
			const post = async (content: Parameters<Client['post']>[1], options = {}) =>
				seen((await a.post(to(), content, options)).key.id);
			const sent = await a.send(to(), 'original');
			const target = sent.key.id ?? '';
			expect(await post({ text: 'a reply' }, { quoted: sent })).toMatchObject({ text: 'a reply', target });
			expect(await post({ react: { text: '👍', key: sent.key } })).toMatchObject({ text: '👍', target });
			expect(await post({ text: 'edited', edit: sent.key })).toMatchObject({ text: 'edited', target });
			expect(await post({ location: { degreesLatitude: 1, degreesLongitude: 2 } })).toMatchObject({
				kind: 'locationMessage',
			});
			const contacts = [{ vcard: 'BEGIN:VCARD\nVERSION:3.0\nFN:Bob\nEND:VCARD' }];
			expect(await post({ contacts: { displayName: 'Bob', contacts } })).toMatchObject({
				kind: 'contactMessage',
			});
			expect(await post({ delete: sent.key })).toMatchObject({ kind: 'protocolMessage', target });
		});
	});

	it('delivery and read receipts, as the person has it set', async () => {
		const { emulator } = world;
		const { key } = await a.send(group, 'not read yet');
		const receipt = (id: string | null | undefined, field: 'receiptTimestamp' | 'readTimestamp') =>
			a.until((one) => receiptsOf(one, id).find((found) => found[field]), `${field} of ${id}`);
		await receipt(key.id, 'receiptTimestamp');
		emulator.phones.markRead(V, group);
		await receipt(key.id, 'readTimestamp');
		emulator.accounts.setReads(V, true);
		await receipt((await a.send(group, 'read at once')).key.id, 'readTimestamp');
		const direct = await a.send(jid(V), 'read at once, directly');
		await a.until((one) => {
			const updates = one.of('messages.update').flat();
			const messages = one.upserts().flatMap((upsert) => upsert.messages);
			const found = [...updates, ...messages].filter(({ key }) => key.id === direct.key.id);
			return found.map((item) => item.update ?? item).some(({ status }) => [4, 'READ'].includes(status));
		}, 'the status of the direct message');
		emulator.accounts.setPrivacy(V, { readreceipts: 'none' });
		const silent = await a.send(group, 'read in silence');
		await receipt(silent.key.id, 'receiptTimestamp');
		await emulator.phones.settled();
		await a.call('groupMetadata', group);
		expect(receiptsOf(a, silent.key.id).some(({ readTimestamp }) => readTimestamp)).toBe(false);
	});

	it('messages that a companion asks its own phone for', async () => {
		const { id } = await world.emulator.phones.send(V, group, 'lost on the way');
		const { key } = await arrived(a, id);
		a.clear();
		await a.call('requestPlaceholderResend', key);
		await a.until(({ texts }) => texts('lost on the way')[0], 'the resend');
		await a.call('fetchMessageHistory', 2, key, Date.now());
		const history = await a.until((one) => one.of('messaging-history.set')[0], 'older messages');
		expect(history.messages).toHaveLength(2);
	});
});
