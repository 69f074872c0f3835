import { children, node } from '../binary/node.ts';
import { Refusal } from '../network/refusal.ts';
import type { IqTable } from './iq-handler.ts';

const PRIVACY = ['readreceipts', 'last', 'online', 'profile', 'status', 'groupadd', 'calladd', 'messages'];

/** Settings and profile queries, answered with what a fresh account has. */
export const accountQueries: IqTable = {
	'abt get props': () => ({
		content: [node('props', { protocol: '1', hash: 'emulator', refresh: '86400' })],
	}),
	'blocklist get -': () => ({ content: [node('list')] }),
	'privacy get privacy': () => ({
		content: [
			node(
				'privacy',
				{},
				PRIVACY.map((name) => node('category', { name, value: 'all' })),
			),
		],
	}),
	'privacy set tokens': () => ({ content: [node('tokens')] }),
	'w:profile:picture get picture': () => {
		throw new Refusal(404, 'There is no picture.');
	},
	/** No collection has ever been written to. */
	'w:sync:app:state set sync': ({ request }) => ({
		content: [
			node(
				'sync',
				{},
				children(request, 'collection').map(({ attrs }) =>
					node('collection', { name: attrs.name, version: attrs.version ?? '0' }),
				),
			),
		],
	}),
};
