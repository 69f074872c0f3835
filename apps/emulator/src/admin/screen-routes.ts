import { z } from 'zod';
import { screenSchema, waitingSchema } from '../screen/schema.ts';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

const look = z.strictObject({
	phone: is.phone.optional(),
	chat: is.chat.optional(),
	limit: z.coerce.number().int().min(1).max(5000).optional().meta({ example: 60 }),
});
/** Without the ones that were left out, as the library wants it. */
const given = ({ phone, chat, limit }: z.output<typeof look>) => ({
	...(phone !== undefined && { phone }),
	...(chat !== undefined && { chat }),
	...(limit !== undefined && { limit }),
});

/** What the phone page works with. */
export const screenRoutes: readonly Route[] = [
	route({
		method: 'get',
		path: '/screen',
		summary: "What an account's phone shows: chats, the open one as people see it, linked devices.",
		params: is.none,
		query: look,
		body: is.none,
		output: screenSchema,
		handle: (api, { query }) => api.screen.show(given(query)),
	}),
	route({
		method: 'get',
		path: '/screen/live',
		summary: 'The same, and again after every change.',
		stream: 'events',
		params: is.none,
		query: look,
		body: is.none,
		output: screenSchema,
		handle: (api, { query }, signal) => api.screen.watch(given(query), signal),
	}),
	route({
		method: 'get',
		path: '/pairings',
		summary: 'Clients that wait to be linked.',
		params: is.none,
		query: is.none,
		body: is.none,
		output: z.object({ pairings: z.array(waitingSchema) }),
		handle: (api) => ({ pairings: api.phones.waiting() }),
	}),
	route({
		method: 'post',
		path: '/pairings/:id/link',
		summary: 'Scan the QR code of a waiting client that was held up with show-qr, as an account.',
		params: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id of a pairing') }),
		query: is.none,
		body: z.strictObject({ phone: is.phone }),
		output: is.linked,
		handle: (api, { params, body }) => api.phones.scanShown(params.id, body.phone),
	}),
	route({
		method: 'post',
		path: '/mock-phone/show-qr',
		summary: 'Hold up the QR code (its raw text) that a client shows; the phone page then offers to scan it.',
		open: true,
		text: true,
		params: is.none,
		query: is.none,
		body: is.qr,
		output: waitingSchema,
		handle: (api, { body }) => api.phones.showQr(body),
	}),
];
