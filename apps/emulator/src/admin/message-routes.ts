import { z } from 'zod';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

export const messageRoutes: readonly Route[] = [
	route({
		method: 'post',
		path: '/messages',
		summary: "Send a text from an account's own phone, to a group or to a number.",
		params: is.none,
		query: is.none,
		body: z.strictObject({
			from: is.phone,
			to: z.union([is.phone, is.groupId]),
			text: is.text,
			id: is.messageId.optional(),
		}),
		output: z.object({ id: z.string() }),
		handle: (api, { body: { from, to, text, id } }) => api.phones.send(from, to, text, { ...(id && { id }) }),
	}),
	route({
		method: 'get',
		path: '/accounts/:phone/messages',
		summary: "What an account's phone shows, decrypted; with `chat` only that group or person.",
		params: z.object({ phone: is.phone }),
		query: z.object({ chat: z.union([is.phone, is.groupId]).optional() }),
		body: is.none,
		output: z.object({ messages: z.array(is.message) }),
		handle: (api, { params, query }) => ({ messages: api.phones.read(params.phone, query.chat) }),
	}),
	route({
		method: 'get',
		path: '/accounts/:phone/messages/:id/receipts',
		summary: "The receipts for a message that the account's phone sent.",
		params: z.object({ phone: is.phone, id: is.messageId }),
		query: is.none,
		body: is.none,
		output: z.object({ receipts: z.array(is.receipt) }),
		handle: (api, { params }) => ({ receipts: api.phones.receipts(params.phone, params.id) }),
	}),
];
