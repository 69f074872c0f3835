import { z } from 'zod';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

const params = z.strictObject({ jid: is.deviceJid });

export const deviceRoutes: readonly Route[] = [
	route({
		method: 'get',
		path: '/devices',
		summary: 'Linked devices, with connection and length of queue.',
		params: is.none,
		query: z.strictObject({ phone: is.phone.optional() }),
		body: is.none,
		output: z.object({ devices: z.array(is.device) }),
		handle: (api, { query }) => ({ devices: api.devices.list(query.phone) }),
	}),
	route({
		method: 'get',
		path: '/sessions',
		summary:
			'Every session of a linked device: when it began, when it ended, and whether another one replaced it.',
		params: is.none,
		query: z.strictObject({ phone: is.phone.optional() }),
		body: is.none,
		output: z.object({ sessions: z.array(is.session) }),
		handle: (api, { query }) => ({ sessions: [...api.devices.sessions(query.phone)] }),
	}),
	route({
		method: 'get',
		path: '/devices/:jid/queue',
		summary: 'What a device has not acknowledged yet.',
		params,
		query: is.none,
		body: is.none,
		output: z.object({ queue: z.array(is.queued) }),
		handle: (api, { params: { jid } }) => ({ queue: api.devices.queue(jid) }),
	}),
	route({
		method: 'post',
		path: '/devices/:jid/disconnect',
		summary: "Cut a device's connection, as a failing network does.",
		params,
		query: is.none,
		body: is.none,
		output: z.object({ disconnected: z.boolean() }),
		handle: (api, { params: { jid } }) => ({ disconnected: api.devices.disconnect(jid) }),
	}),
	route({
		method: 'delete',
		path: '/devices/:jid',
		summary: 'Unlink a device on the phone; its client is logged out.',
		params,
		query: is.none,
		body: is.none,
		output: z.object({ unlinked: z.literal(true) }),
		handle(api, { params: { jid } }) {
			api.devices.unlink(jid);
			return { unlinked: true as const };
		},
	}),
];
