import { z } from 'zod';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

const table = z.record(z.string(), z.unknown());

export const linkedDeviceRoutes: readonly Route[] = [
	route({
		method: 'post',
		path: '/linked-devices',
		summary:
			'Make devices that are already linked, for loads; one line each, with the auth state of its client.',
		stream: 'lines',
		params: is.none,
		query: is.none,
		body: z.strictObject({
			count: z.int().min(1).max(20_000).meta({ example: 2 }),
			phonePrefix: z
				.string()
				.regex(/^[1-9][0-9]{0,10}$/, 'must have 1 to 11 digits')
				.optional(),
			groups: z.array(is.groupId).max(1000).optional(),
			preKeys: z.int().min(0).max(812).optional(),
		}),
		output: is.linked.extend({ auth: z.object({ creds: table, keys: z.record(z.string(), table) }) }),
		handle: (api, { body: { count, phonePrefix, groups, preKeys } }) =>
			api.eachLinkedDevice(count, {
				...(phonePrefix && { phonePrefix }),
				...(groups && { groups }),
				...(preKeys !== undefined && { preKeys }),
			}),
	}),
];
