import { node, type Stanza } from '../../src/binary/node.ts';
import type { Random } from './random.ts';

const SERVER = '@s.whatsapp.net';

export type Cast = {
	/** The sender's own account: number and hidden id, without addresses. */
	readonly phone: string;
	readonly lid: string;
	/** Somebody else. */
	readonly other: string;
	/** `…@g.us`, of which the sender is an admin. */
	readonly group: string;
};

/** One of each kind of stanza that clients send, as a client would write it. */
export function stanzaSamples(cast: Cast, random: Random): Stanza[] {
	const { group } = cast;
	const other = `${cast.other}${SERVER}`;
	const id = `FUZZ${random.number(2 ** 32)}`;
	const iq = (to: string, xmlns: string, type: string, ...content: Stanza[]) =>
		node('iq', { id, to, xmlns, type }, content);
	const participants = (tag: string) => node(tag, {}, [node('participant', { jid: other })]);
	const key = (tag: string, keyId: number) =>
		node(tag, {}, [
			node('id', {}, Buffer.from([0, 0, keyId])),
			node('value', {}, random.bytes(32)),
			...(tag === 'skey' ? [node('signature', {}, random.bytes(64))] : []),
		]);
	const enc = (type: string) => node('enc', { v: '2', type }, random.bytes(80));
	const usync = (...list: Stanza[]) =>
		node('usync', { sid: id, mode: 'query', last: 'true', index: '0', context: 'message' }, [
			node('query', {}, [node('devices', { version: '2' }), node('lid'), node('contact')]),
			node('list', {}, list),
		]);
	return [
		iq(SERVER, 'w:p', 'get', node('ping')),
		iq(SERVER, 'passive', 'set', node('active')),
		iq(SERVER, 'encrypt', 'get', node('count')),
		iq(SERVER, 'encrypt', 'get', node('digest')),
		iq(
			SERVER,
			'encrypt',
			'set',
			node('registration', {}, random.bytes(4)),
			node('type', {}, Buffer.from([5])),
			node('identity', {}, random.bytes(32)),
			node('list', {}, [key('key', 1), key('key', 2)]),
			key('skey', 1),
		),
		iq(SERVER, 'encrypt', 'set', node('rotate', {}, [key('skey', 2)])),
		iq(SERVER, 'encrypt', 'get', node('key', {}, [node('user', { jid: other })])),
		iq(SERVER, 'usync', 'get', usync(node('user', { jid: other }))),
		iq(SERVER, 'usync', 'get', usync(node('user', {}, [node('contact', {}, Buffer.from(`+${cast.other}`))]))),
		iq(SERVER, 'abt', 'get', node('props', { protocol: '1' })),
		iq(SERVER, 'privacy', 'get', node('privacy')),
		iq(
			SERVER,
			'privacy',
			'set',
			node('privacy', {}, [node('category', { name: 'groupadd', value: 'contacts' })]),
		),
		iq(SERVER, 'blocklist', 'get'),
		iq(SERVER, 'blocklist', 'set', node('item', { action: 'block', jid: other })),
		iq(
			SERVER,
			'w:sync:app:state',
			'set',
			node('sync', {}, [
				node('collection', { name: 'regular', version: '0' }, [node('patch', {}, random.bytes(60))]),
			]),
		),
		iq(SERVER, 'w:profile:picture', 'get', node('picture', { type: 'image', query: 'url' })),
		iq(group, 'w:profile:picture', 'set', node('picture', { type: 'image' }, random.bytes(200))),
		iq(SERVER, 'w:m', 'set', node('media_conn')),
		iq(
			SERVER,
			'md',
			'set',
			node('remove-companion-device', { jid: `${cast.phone}:9${SERVER}`, reason: 'user_initiated' }),
		),
		iq(
			SERVER,
			'md',
			'set',
			node('link_code_companion_reg', { jid: `${cast.phone}${SERVER}`, stage: 'companion_hello' }, [
				node('link_code_pairing_wrapped_companion_ephemeral_pub', {}, random.bytes(80)),
				node('companion_server_auth_key_pub', {}, random.bytes(32)),
			]),
		),
		iq('@g.us', 'w:g2', 'get', node('participating', {}, [node('participants'), node('description')])),
		iq(
			'@g.us',
			'w:g2',
			'set',
			node('create', { subject: 'Fuzz', key: id }, [node('participant', { jid: other })]),
		),
		iq('@g.us', 'w:g2', 'get', node('invite', { code: 'nothing' })),
		iq('@g.us', 'w:g2', 'set', node('invite', { code: 'nothing' })),
		iq('@g.us', 'w:g2', 'set', node('leave', {}, [node('group', { id: '120363999999999999@g.us' })])),
		iq(group, 'w:g2', 'get', node('query', { request: 'interactive' })),
		iq(group, 'w:g2', 'get', node('invite')),
		iq(group, 'w:g2', 'set', node('invite')),
		...['add', 'remove', 'promote', 'demote'].map((tag) => iq(group, 'w:g2', 'set', participants(tag))),
		iq(group, 'w:g2', 'set', node('subject', {}, Buffer.from('Fuzzy'))),
		iq(
			group,
			'w:g2',
			'set',
			node('description', { id: 'D1' }, [node('body', {}, Buffer.from('What we do'))]),
		),
		iq(group, 'w:g2', 'set', node('announcement')),
		iq(group, 'w:g2', 'set', node('not_announcement')),
		iq(group, 'w:g2', 'set', node('locked')),
		iq(group, 'w:g2', 'set', node('ephemeral', { expiration: '86400' })),
		iq(group, 'w:g2', 'set', node('member_add_mode', {}, Buffer.from('all_member_add'))),
		iq(group, 'w:g2', 'set', node('membership_approval_mode', {}, [node('group_join', { state: 'on' })])),
		iq(group, 'w:g2', 'get', node('membership_approval_requests')),
		iq(group, 'w:g2', 'set', node('membership_requests_action', {}, [participants('approve')])),
		iq(group, 'w:g2', 'set', node('accept', { code: 'x', expiration: '1', admin: other })),
		node('message', { id, to: group, type: 'text', addressing_mode: 'lid' }, [
			enc('skmsg'),
			node('participants', {}, [node('to', { jid: other }, [enc('pkmsg')])]),
			node('device-identity', {}, random.bytes(100)),
		]),
		node('message', { id, to: other, type: 'text' }, [
			node('participants', {}, [
				node('to', { jid: other }, [enc('pkmsg')]),
				node('to', { jid: `${cast.lid}@lid` }, [enc('msg')]),
			]),
		]),
		node('message', { id, to: group, type: 'text', participant: other }, [enc('msg')]),
		node('message', { id, to: `${cast.phone}${SERVER}`, type: 'text', category: 'peer' }, [enc('msg')]),
		node('receipt', { id, to: group, participant: other }),
		node('receipt', { id, to: other, type: 'read' }, [
			node('list', {}, [node('item', { id: 'A' }), node('item', { id: 'B' })]),
		]),
		node('receipt', { id, to: group, participant: other, type: 'retry' }, [
			node('retry', { count: '2', id, t: '1', v: '1' }),
			node('registration', {}, random.bytes(4)),
			node('keys', {}, [
				node('type', {}, Buffer.from([5])),
				node('identity', {}, random.bytes(32)),
				key('key', 3),
				key('skey', 1),
			]),
		]),
		node('ack', { id, to: group, class: 'message', participant: other, error: '500' }),
		node('ack', { id, to: group, class: 'notification', type: 'w:gp2' }),
		node('presence', { type: 'available', name: 'Fuzz' }),
		node('presence', { type: 'subscribe', to: other }),
		node('chatstate', { to: group }, [node('composing')]),
		node('ib', {}, [node('offline_batch', { count: '100' })]),
		node('call', { id, to: other }, [node('offer', { 'call-id': id })]),
	];
}
