import { z } from 'zod';
import { contentSchema } from '../phone/content.ts';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

export const messageRoutes: readonly Route[] = [
	route({
		method: 'post',
		path: '/messages',
		summary:
			"Send a text, or content of another kind, from an account's own phone to a group or to a number.",
		params: is.none,
		query: is.none,
		body: z
			.strictObject({
				from: is.phone,
				to: is.chat,
				text: is.text.optional(),
				content: contentSchema.optional(),
				id: is.messageId.optional(),
			})
			.refine(({ text, content }) => (text === undefined) !== (content === undefined), {
				message: 'needs either text or content',
			}),
		output: z.object({ id: z.string() }),
		handle: (api, { body: { from, to, text, content, id } }) =>
			api.phones.send(from, to, content ?? text ?? '', { ...(id && { id }) }),
	}),
	route({
		method: 'get',
		path: '/accounts/:phone/messages',
		summary: "What an account's phone shows, decrypted; with `chat` only that group or person.",
		params: z.strictObject({ phone: is.phone }),
		query: z.strictObject({ chat: is.chat.optional() }),
		body: is.none,
		output: z.object({ messages: z.array(is.message) }),
		handle: (api, { params, query }) => ({ messages: api.phones.read(params.phone, query.chat) }),
	}),
	route({
		method: 'get',
		path: '/accounts/:phone/messages/:id/file',
		summary: "The decrypted file of a message that the account's phone has, base64.",
		params: z.strictObject({ phone: is.phone, id: is.messageId }),
		query: is.none,
		body: is.none,
		output: z.object({ data: z.base64() }),
		handle: (api, { params }) => ({ data: api.phones.file(params.phone, params.id).toString('base64') }),
	}),
	route({
		method: 'post',
		path: '/accounts/:phone/read',
		summary: 'Open a chat on the phone: whoever wrote in it gets read receipts.',
		params: z.strictObject({ phone: is.phone }),
		query: is.none,
		body: z.strictObject({ chat: is.chat }),
		output: z.object({ read: z.literal(true) }),
		handle(api, { params, body }) {
			api.phones.markRead(params.phone, body.chat);
			return { read: true as const };
		},
	}),
	route({
		method: 'get',
		path: '/accounts/:phone/messages/:id/receipts',
		summary: "The receipts for a message that the account's phone sent.",
		params: z.strictObject({ phone: is.phone, id: is.messageId }),
		query: is.none,
		body: is.none,
		output: z.object({ receipts: z.array(is.receipt) }),
		handle: (api, { params }) => ({ receipts: api.phones.receipts(params.phone, params.id) }),
	}),
];
