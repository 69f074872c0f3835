import type { BinaryNode } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readGroupReceipts } from '../src/whatsapp/read-receipt.ts';
import { readUnavailable } from '../src/whatsapp/stanza.ts';

const group = '120363025246125486@g.us';
const berta = '98765432101234@lid';
const node = (tag: string, attrs: Record<string, string>, content?: BinaryNode[]): BinaryNode => ({
	tag,
	attrs,
	...(content && { content }),
});
const receipt = (attrs: Record<string, string>, content?: BinaryNode[]) =>
	readGroupReceipts(node('receipt', { from: group, id: '3EB0AA', t: '1795338000', ...attrs }, content));

describe('a receipt', () => {
	it.each([
		['', false],
		['inactive', false],
		['read', true],
		['played', true],
	])('of the type "%s" says read: %s', (type, read) => {
		expect(receipt({ type, participant: '98765432101234:7@lid' })).toEqual([
			{ chatJid: group, messageId: '3EB0AA', memberJid: berta, read, at: 1_795_338_000_000 },
		]);
	});

	it('can be for several messages at once', () => {
		const list = node('list', {}, [node('item', { id: '3EB0BB' }), node('item', { id: '3EB0CC' })]);
		const ids = receipt({ participant: berta, type: 'read' }, [list]).map(({ messageId }) => messageId);
		expect(ids).toEqual(['3EB0AA', '3EB0BB', '3EB0CC']);
	});

	it('can be of several members at once', () => {
		const users = [
			node('user', { jid: berta, t: '1795338001' }),
			node('user', { jid: '15550000003@s.whatsapp.net' }),
		];
		expect(receipt({}, [node('participants', { key: '3EB0DD' }, users)])).toMatchObject([
			{ messageId: '3EB0DD', memberJid: berta, at: 1_795_338_001_000 },
			{ messageId: '3EB0DD', memberJid: '15550000003@s.whatsapp.net', at: 1_795_338_000_000 },
		]);
	});

	it.each([
		['a retry', { type: 'retry', participant: berta }],
		['of an own device', { type: 'sender', participant: berta }],
		['about somebody else', { type: 'read-self', participant: berta }],
		['from nobody', {}],
		['from somewhere else', { from: berta, participant: berta }],
	])('that is %s tells nothing of members', (_what, attrs) => {
		expect(receipt(attrs)).toEqual([]);
	});
});

describe('a message without anything to decrypt', () => {
	const message = (content: BinaryNode[]) =>
		readUnavailable(
			node('message', { from: group, id: '3EB0AA', participant: berta, t: '1795338000' }, content),
		);
	const unavailable = node('unavailable', { type: 'view_once_unavailable_fanout' });

	it('is known by that', () => {
		expect(message([unavailable])).toMatchObject({ chatJid: group, messageId: '3EB0AA', authorJid: berta });
		expect(message([unavailable, node('enc', { type: 'skmsg' })])).toBeUndefined();
		expect(message([node('enc', { type: 'skmsg' })])).toBeUndefined();
	});
});
