import express, { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { Refusal } from '../network/refusal.ts';
import { createAssets, libraryFolders } from './assets.ts';
import { openSession } from './session.ts';

const POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"connect-src 'self'",
	"form-action 'none'",
	"frame-ancestors 'none'",
	"base-uri 'none'",
	// Text of members can never become markup: only the templates of the page's own library may.
	"require-trusted-types-for 'script'",
	'trusted-types lit-html',
].join('; ');

const sessionSchema = z.strictObject({ key: z.string().min(1, 'must be the key of the link').max(200) });

/** The phone page at `/` and `/phone`, its files below that, and the way from the key of its link to its cookie. */
export function createPageRoutes(adminToken: string | undefined): Router {
	const router = Router();
	const assets = createAssets();
	const serve =
		(nameOf: (file: string) => string): RequestHandler<{ file?: string }> =>
		async (request, response, next) => {
			const asset = await assets(nameOf(request.params.file ?? ''));
			if (!asset) {
				next();
				return;
			}
			secure(response);
			response.type(asset.type).send(asset.content);
		};
	router.get(
		['/', '/phone'],
		serve(() => 'index.html'),
	);
	router.get(
		'/phone/:file',
		serve((file) => file),
	);
	for (const { name, folder } of libraryFolders()) {
		const modules = express.static(folder, {
			extensions: false,
			index: false,
			redirect: false,
			setHeaders: secure,
		});
		router.get(`/phone/lib/${name}/*module`, (request, response, next) => {
			if (!/^[a-z/-]+\.js$/.test(request.path.slice(`/phone/lib/${name}/`.length))) {
				next();
				return;
			}
			request.url = request.url.slice(`/phone/lib/${name}`.length);
			modules(request, response, next);
		});
	}
	router.post('/phone/session', express.json({ limit: 4096 }), (request, response) => {
		const { key } = sessionSchema.parse(request.body);
		if (adminToken !== undefined) {
			const cookie = openSession(request, key, adminToken);
			if (cookie === undefined) throw new Refusal(401, 'This is not the key of the link to this page.');
			response.setHeader('set-cookie', cookie);
		}
		response.status(204).end();
	});
	return router;
}

function secure(response: Response): void {
	response.setHeader('content-security-policy', POLICY);
	response.setHeader('x-content-type-options', 'nosniff');
	response.setHeader('referrer-policy', 'no-referrer');
	response.setHeader('cross-origin-opener-policy', 'same-origin');
	response.setHeader('cross-origin-resource-policy', 'same-origin');
	response.setHeader('cache-control', 'no-cache');
}
