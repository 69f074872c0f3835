import { z } from 'zod';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

export const serverRoutes: readonly Route[] = [
	route({
		method: 'get',
		path: '/server',
		summary: 'Where clients connect, and the certificate they have to trust for TLS and for media.',
		params: is.none,
		query: is.none,
		body: is.none,
		output: z.object({ url: z.string(), secureUrl: z.string(), certificate: z.string() }),
		handle: (api) => api.server(),
	}),
];
