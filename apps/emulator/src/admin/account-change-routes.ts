import { z } from 'zod';
import { settingSchema } from '../phone/app-state.ts';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

const params = z.strictObject({ phone: is.phone });

export const accountChangeRoutes: readonly Route[] = [
	route({
		method: 'put',
		path: '/accounts/:phone/profile',
		summary: 'Change what a person has set on their phone; what is left out stays as it is.',
		params,
		query: is.none,
		body: z.strictObject({
			about: z.string().max(139).optional(),
			/** Base64 of a JPEG; null removes it. */
			picture: is.jpeg.nullable().optional(),
			privacy: z.record(z.string(), z.string()).optional(),
			contacts: z.array(is.phone).max(10_000).optional(),
			reads: z.boolean().optional(),
		}),
		output: is.account,
		handle({ accounts }, { params: { phone }, body }) {
			if (body.privacy !== undefined) accounts.setPrivacy(phone, body.privacy);
			if (body.about !== undefined) accounts.setAbout(phone, body.about);
			if (body.picture !== undefined) accounts.setPicture(phone, body.picture ?? undefined);
			if (body.reads !== undefined) accounts.setReads(phone, body.reads);
			if (body.contacts !== undefined) accounts.setContacts(phone, body.contacts);
			return accounts.create({ phone });
		},
	}),
	route({
		method: 'put',
		path: '/accounts/:phone/blocked/:other',
		summary: 'Block a person.',
		params: params.extend({ other: is.phone }),
		query: is.none,
		body: is.none,
		output: is.account,
		handle: (api, { params: { phone, other } }) => api.accounts.setBlocked(phone, other, true),
	}),
	route({
		method: 'delete',
		path: '/accounts/:phone/blocked/:other',
		summary: 'Block a person no longer.',
		params: params.extend({ other: is.phone }),
		query: is.none,
		body: is.none,
		output: is.account,
		handle: (api, { params: { phone, other } }) => api.accounts.setBlocked(phone, other, false),
	}),
	route({
		method: 'get',
		path: '/accounts/:phone/settings',
		summary: 'The settings that all devices of the account share, decrypted.',
		params,
		query: is.none,
		body: is.none,
		output: z.object({ settings: z.array(settingSchema) }),
		handle: (api, { params: { phone } }) => ({ settings: api.accounts.settings(phone) }),
	}),
	route({
		method: 'put',
		path: '/accounts/:phone/chats/:chat',
		summary: 'Mute (until a time, null for not) or pin a chat on the phone; all devices learn of it.',
		params: params.extend({ chat: z.string().regex(/^[0-9]+@(g\.us|lid|s\.whatsapp\.net)$/) }),
		query: is.none,
		body: z.union([
			z.strictObject({ mute: z.number().int().min(0).nullable() }),
			z.strictObject({ pin: z.boolean() }),
		]),
		output: z.object({ settings: z.array(settingSchema) }),
		async handle(api, { params: { phone, chat }, body }) {
			await api.accounts.changeSetting(phone, body, chat);
			return { settings: api.accounts.settings(phone) };
		},
	}),
	route({
		method: 'post',
		path: '/accounts/:phone/settings/compact',
		summary: 'Put snapshots in the place of all changes of settings; devices linked later start from there.',
		params,
		query: is.none,
		body: is.none,
		output: z.object({ settings: z.array(settingSchema) }),
		async handle(api, { params: { phone } }) {
			await api.accounts.compactSettings(phone);
			return { settings: api.accounts.settings(phone) };
		},
	}),
];
