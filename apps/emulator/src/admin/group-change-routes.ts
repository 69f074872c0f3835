import { z } from 'zod';
import { Refusal } from '../network/refusal.ts';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

const params = z.strictObject({ id: is.groupId });
const by = { by: is.phone };

export const groupChangeRoutes: readonly Route[] = [
	route({
		method: 'put',
		path: '/groups/:id/settings',
		summary: 'Change settings of a group as an account; those that are left out stay as they are.',
		params,
		query: is.none,
		body: z.strictObject({
			...by,
			announce: z.boolean().optional(),
			locked: z.boolean().optional(),
			memberAddMode: z.enum(['admin_add', 'all_member_add']).optional(),
			approval: z.boolean().optional(),
			ephemeralSeconds: z.number().int().min(0).max(31_536_000).optional(),
		}),
		output: is.group,
		handle({ groups }, { params: { id }, body }) {
			const { announce, locked, memberAddMode, approval, ephemeralSeconds } = body;
			if (announce !== undefined)
				groups.setSetting(id, body.by, announce ? 'announcement' : 'not_announcement');
			if (locked !== undefined) groups.setSetting(id, body.by, locked ? 'locked' : 'unlocked');
			if (memberAddMode !== undefined) groups.setMemberAddMode(id, body.by, memberAddMode);
			if (approval !== undefined) groups.setApproval(id, body.by, approval);
			if (ephemeralSeconds !== undefined) groups.setEphemeral(id, body.by, ephemeralSeconds);
			const group = groups.get(id);
			if (!group) throw new Refusal(404, `There is no group ${id}.`);
			return group;
		},
	}),
	route({
		method: 'put',
		path: '/groups/:id/description',
		summary: 'Set the description as an account, or remove it.',
		params,
		query: is.none,
		body: z.strictObject({ ...by, description: z.string().min(1).max(2048).nullable() }),
		output: is.group,
		handle: (api, { params: { id }, body }) =>
			api.groups.setDescription(id, body.by, body.description ?? undefined),
	}),
	route({
		method: 'put',
		path: '/groups/:id/picture',
		summary: 'Set the picture (base64 of a JPEG) as an account, or remove it.',
		params,
		query: is.none,
		body: z.strictObject({ ...by, jpeg: is.jpeg.nullable() }),
		output: is.group,
		handle: (api, { params: { id }, body }) => api.groups.setPicture(id, body.by, body.jpeg ?? undefined),
	}),
	route({
		method: 'post',
		path: '/groups/:id/requests',
		summary: 'As an admin, let people in who have asked to join, or not.',
		params,
		query: is.none,
		body: z.strictObject({
			...by,
			decision: z.enum(['approve', 'reject']),
			phones: z.array(is.phone).min(1).max(1023),
		}),
		output: z.object({ results: z.array(is.outcome) }),
		handle: (api, { params: { id }, body }) => ({
			results: api.groups.decide(id, body.by, body.decision, body.phones),
		}),
	}),
	route({
		method: 'post',
		path: '/groups/:id/invite/revoke',
		summary: 'As an admin, make a new invitation code; the old one is void.',
		params,
		query: is.none,
		body: z.strictObject(by),
		output: is.group,
		handle: (api, { params: { id }, body }) => api.groups.revokeInvite(id, body.by),
	}),
	route({
		method: 'post',
		path: '/groups/join',
		summary: 'Join as an account by an invitation code; where admins decide, ask to.',
		params: is.none,
		query: is.none,
		body: z.strictObject({ ...by, code: z.string().min(1).max(64) }),
		output: is.group,
		handle: (api, { body }) => api.groups.join(body.code, body.by),
	}),
	route({
		method: 'post',
		path: '/groups/:id/accept',
		summary: 'Accept an invitation that came as a message, as the account it is for.',
		params,
		query: is.none,
		body: z.strictObject({ ...by, code: z.string().min(1).max(64), from: is.phone }),
		output: is.group,
		handle: (api, { params: { id }, body: { by: phone, code, from } }) =>
			api.groups.acceptInvite(id, phone, { code, from }),
	}),
	route({
		method: 'post',
		path: '/groups/:id/leave',
		summary: 'Leave as an account.',
		params,
		query: is.none,
		body: z.strictObject(by),
		output: z.object({ left: z.literal(true) }),
		handle(api, { params: { id }, body }) {
			api.groups.leave(id, body.by);
			return { left: true as const };
		},
	}),
	route({
		method: 'delete',
		path: '/groups/:id',
		summary: 'End the group for everyone; it cannot be found any more.',
		params,
		query: is.none,
		body: is.none,
		output: z.object({ ended: z.literal(true) }),
		handle(api, { params: { id } }) {
			api.groups.end(id);
			return { ended: true as const };
		},
	}),
];
