import { z } from 'zod';
import { type Route, route } from './route.ts';
import * as is from './schemas.ts';

export const accountRoutes: readonly Route[] = [
	route({
		method: 'post',
		path: '/accounts',
		summary: 'Make an account, or rename it when it exists.',
		params: is.none,
		query: is.none,
		body: z.strictObject({ phone: is.phone.optional(), pushName: is.pushName.optional() }),
		output: is.account,
		handle: (api, { body: { phone, pushName } }) =>
			api.accounts.create({ ...(phone && { phone }), ...(pushName && { pushName }) }),
	}),
	route({
		method: 'get',
		path: '/accounts',
		summary: 'All accounts.',
		params: is.none,
		query: is.none,
		body: is.none,
		output: z.object({ accounts: z.array(is.account) }),
		handle: (api) => ({ accounts: api.accounts.list() }),
	}),
	route({
		method: 'put',
		path: '/accounts/:phone/push-name',
		summary: 'Set the name others see.',
		params: z.strictObject({ phone: is.phone }),
		query: is.none,
		body: z.strictObject({ pushName: is.pushName }),
		output: is.account,
		handle: (api, { params, body }) => api.accounts.setPushName(params.phone, body.pushName),
	}),
	route({
		method: 'post',
		path: '/accounts/:phone/pairing-code',
		summary: 'Type the pairing code that a client shows into the phone, and link the client.',
		params: z.strictObject({ phone: is.phone }),
		query: is.none,
		body: z.strictObject({ code: is.pairingCode }),
		output: is.linked,
		handle: (api, { params, body }) => api.phones.enterCode(params.phone, body.code),
	}),
	route({
		method: 'post',
		path: '/mock-phone/scan-qr',
		summary: 'Scan the QR code (its raw text) that a client shows, and link the client.',
		open: true,
		text: true,
		params: is.none,
		query: z.strictObject({ phone: is.phone.optional() }),
		body: is.qr,
		output: is.linked,
		handle: (api, { query: { phone }, body }) => api.phones.scanQr(body, { ...(phone && { phone }) }),
	}),
];
