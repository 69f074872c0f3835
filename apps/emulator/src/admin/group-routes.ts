import { z } from 'zod';
import { Refusal } from '../network/refusal.ts';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

const params = z.strictObject({ id: is.groupId });

export const groupRoutes: readonly Route[] = [
	route({
		method: 'post',
		path: '/groups',
		summary: 'Create a group as an account.',
		params: is.none,
		query: is.none,
		body: z.strictObject({
			by: is.phone,
			subject: is.subject,
			participants: z.array(is.phone).max(1023).default([]),
			addressing: z.enum(['lid', 'pn']).optional(),
		}),
		output: is.group.extend({ failed: z.array(is.outcome) }),
		handle: (api, { body }) => api.groups.create(body),
	}),
	route({
		method: 'get',
		path: '/groups',
		summary: 'All groups.',
		params: is.none,
		query: is.none,
		body: is.none,
		output: z.object({ groups: z.array(is.group) }),
		handle: (api) => ({ groups: api.groups.list() }),
	}),
	route({
		method: 'get',
		path: '/groups/:id',
		summary: 'One group with its participants.',
		params,
		query: is.none,
		body: is.none,
		output: is.group,
		handle(api, { params: { id } }) {
			const group = api.groups.get(id);
			if (!group) throw new Refusal(404, `There is no group ${id}.`);
			return group;
		},
	}),
	route({
		method: 'post',
		path: '/groups/:id/participants',
		summary: 'Add, remove, promote or demote participants as an account.',
		params,
		query: is.none,
		body: z.strictObject({
			by: is.phone,
			action: z.enum(['add', 'remove', 'promote', 'demote']),
			phones: z.array(is.phone).min(1).max(1023),
		}),
		output: z.object({ results: z.array(is.outcome) }),
		handle: (api, { params: { id }, body: { by, action, phones } }) => ({
			results: api.groups.changeParticipants(id, by, action, phones),
		}),
	}),
	route({
		method: 'put',
		path: '/groups/:id/subject',
		summary: 'Change the subject as an account.',
		params,
		query: is.none,
		body: z.strictObject({ by: is.phone, subject: is.subject }),
		output: is.group,
		handle: (api, { params: { id }, body }) => api.groups.setSubject(id, body.by, body.subject),
	}),
];
