import { z } from 'zod';
import { activeFaultSchema, faultSchema } from '../faults/fault.ts';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

export const faultRoutes: readonly Route[] = [
	route({
		method: 'post',
		path: '/faults',
		summary: 'Make something go wrong: once, so many times, or for a while.',
		params: is.none,
		query: is.none,
		body: faultSchema,
		output: activeFaultSchema,
		handle: (api, { body }) => api.faults.add(body),
	}),
	route({
		method: 'post',
		path: '/faults/random',
		summary: 'Faults drawn by lot; the same seed gives the same ones.',
		params: is.none,
		query: is.none,
		body: z.strictObject({
			seed: z.number().int().min(0).max(4_294_967_295),
			count: z.number().int().min(1).max(1000),
			device: is.phone.optional(),
		}),
		output: z.object({ faults: z.array(activeFaultSchema) }),
		handle: (api, { body }) => ({ faults: api.faults.random(body) }),
	}),
	route({
		method: 'get',
		path: '/faults',
		summary: 'All faults, with how often they have worked.',
		params: is.none,
		query: is.none,
		body: is.none,
		output: z.object({ faults: z.array(activeFaultSchema) }),
		handle: (api) => ({ faults: api.faults.list() }),
	}),
	route({
		method: 'delete',
		path: '/faults/:id',
		summary: 'End a fault and forget it.',
		params: z.strictObject({ id: z.string().min(1).max(64) }),
		query: is.none,
		body: is.none,
		output: z.object({ removed: z.literal(true) }),
		handle(api, { params }) {
			api.faults.remove(params.id);
			return { removed: true as const };
		},
	}),
	route({
		method: 'delete',
		path: '/faults',
		summary: 'End all faults and forget them.',
		params: is.none,
		query: is.none,
		body: is.none,
		output: z.object({ removed: z.literal(true) }),
		handle(api) {
			api.faults.clear();
			return { removed: true as const };
		},
	}),
];
