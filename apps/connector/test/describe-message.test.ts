import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { describeChange } from '../src/whatsapp/describe-change.ts';
import { describeBytes } from '../src/whatsapp/describe-message.ts';

/** As it comes off the wire. */
const read = (message: proto.IMessage) => describeBytes(proto.Message.encode(message).finish());
const text = (said: string): proto.IMessage => ({ conversation: said });
const none = { media: null, mentions: [], replyTo: null };
const image: proto.IMessage = { imageMessage: { mimetype: 'image/jpeg', caption: 'Look', fileLength: 12 } };
const picture = {
	kind: 'image',
	content: {
		...none,
		text: 'Look',
		media: { mimeType: 'image/jpeg', fileName: null, sizeBytes: 12, durationSeconds: null },
	},
};

describe('what a message says', () => {
	it.each<[string, proto.IMessage, object]>([
		['a text', text('Hi'), { kind: 'text', content: { ...none, text: 'Hi' } }],
		['a picture', image, picture],
		['one shown once', { viewOnceMessage: { message: image } }, picture],
		['one shown once, newer', { viewOnceMessageV2: { message: image } }, picture],
		['one that disappears', { ephemeralMessage: { message: image } }, picture],
		[
			'one that disappears and is shown once',
			{ ephemeralMessage: { message: { viewOnceMessageV2: { message: image } } } },
			picture,
		],
		[
			'a file with a caption',
			{
				documentWithCaptionMessage: {
					message: { documentMessage: { caption: 'Read', fileName: 'a.pdf', mimetype: 'application/pdf' } },
				},
			},
			{ kind: 'document', content: { text: 'Read', media: { fileName: 'a.pdf' } } },
		],
		[
			'a voice note',
			{ audioMessage: { mimetype: 'audio/ogg', seconds: 3, ptt: true } },
			{ kind: 'audio', content: { text: null, media: { durationSeconds: 3 } } },
		],
		['a video', { videoMessage: { seconds: 9 } }, { kind: 'video' }],
		['a round video', { ptvMessage: { seconds: 9 } }, { kind: 'video' }],
		['a sticker', { stickerMessage: { mimetype: 'image/webp' } }, { kind: 'sticker' }],
		[
			'a place',
			{ locationMessage: { degreesLatitude: 1, degreesLongitude: 2, name: 'Café' } },
			{ kind: 'location', content: { text: 'Café\n1, 2' } },
		],
		['a live place', { liveLocationMessage: { degreesLatitude: 1 } }, { kind: 'location' }],
		['a contact', { contactMessage: { displayName: 'Ana' } }, { kind: 'contact', content: { text: 'Ana' } }],
		[
			'contacts',
			{ contactsArrayMessage: { contacts: [{ displayName: 'Ana' }, { displayName: 'Bea' }] } },
			{ kind: 'contact', content: { text: 'Ana, Bea' } },
		],
		[
			'a poll',
			{ pollCreationMessageV3: { name: 'When?', options: [{ optionName: '9' }, { optionName: '10' }] } },
			{ kind: 'poll', content: { text: 'When?\n- 9\n- 10' } },
		],
		['an event', { eventMessage: { name: 'Party', description: 'At nine' } }, { kind: 'event' }],
		[
			'an answer with mentions',
			{
				extendedTextMessage: {
					text: 'Yes @1',
					contextInfo: { stanzaId: '3EB0AA', mentionedJid: ['12345678901:3@lid', 'nonsense'] },
				},
			},
			{ kind: 'text', content: { text: 'Yes @1', replyTo: '3EB0AA', mentions: ['12345678901@lid'] } },
		],
		['what nobody here knows', { paymentInviteMessage: {} }, { kind: 'other' }],
	])('%s', (_name, message, expected) => {
		expect(read(message)).toMatchObject(expected);
	});

	it.each<[string, proto.IMessage]>([
		['keys', { senderKeyDistributionMessage: { groupId: 'x@g.us' } }],
		['a protocol message', { protocolMessage: { type: 3 } }],
		['a reaction', { reactionMessage: { text: '👍' } }],
		['a pin', { pinInChatMessage: { type: 1 } }],
	])('%s is no message of its own', (_name, message) => {
		expect(read(message)).toBeUndefined();
	});
});

describe('what a message does to an earlier one', () => {
	const key = { id: '3EB0AA', remoteJid: 'x@g.us' };
	const change = (message: proto.IMessage) =>
		describeChange(proto.Message.decode(proto.Message.encode(message).finish()));
	const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type;

	it('is an edit, also one in wrappers', () => {
		const edit = { protocolMessage: { type: MESSAGE_EDIT, key, editedMessage: text('Better') } };
		for (const message of [
			edit,
			{ editedMessage: { message: edit } },
			{ ephemeralMessage: { message: edit } },
		])
			expect(change(message)).toMatchObject({ kind: 'edit', content: { text: 'Better' } });
	});

	it('is a deletion, a reaction, and one that is taken back', () => {
		expect(change({ protocolMessage: { type: REVOKE, key } })).toMatchObject({ kind: 'deletion', key });
		expect(change({ reactionMessage: { key, text: '👍' } })).toMatchObject({
			kind: 'reaction',
			removed: false,
			content: { text: '👍' },
		});
		expect(change({ reactionMessage: { key, text: '' } })).toMatchObject({ kind: 'reaction', removed: true });
	});
});
