import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import type { Logger } from 'pino';
import type { Api } from '../api/types.ts';
import { createPageRoutes } from '../page/page-routes.ts';
import { toAnswer } from './answer.ts';
import { checkOrigin, checkToken } from './guard.ts';
import { describeApi } from './openapi.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { stream } from './stream.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export type AdminOptions = {
	readonly api: Api;
	/** The address the server is bound to. */
	readonly host: string;
	readonly adminToken: string | undefined;
	/** The media host of the network; it looks after itself. */
	readonly media: Router;
	readonly log: Logger;
};

/** The admin API: every route of the table below `/admin`, and what describes them; beside it the phone page. */
export function createAdminApp(options: AdminOptions): Express {
	const app = express();
	app.disable('x-powered-by');
	app.use(options.media);
	app.use((request, _response, next) => {
		checkOrigin(request, options.host);
		next();
	});
	app.use(createPageRoutes(options.adminToken));
	const description = describeApi(routes);
	app.get('/admin/openapi.json', (_request, response) => void response.json(description));
	for (const route of routes) {
		app[route.method](`/admin${route.path}`, guard(options, route), body(route), serve(options, route));
	}
	app.use((_request, response) => {
		response.status(404).json({
			error:
				'There is nothing here. The phone page is at /phone, the admin API below /admin, described by /admin/openapi.json.',
		});
	});
	app.use(errors(options.log));
	return app;
}

function guard({ adminToken }: AdminOptions, route: Route): RequestHandler {
	return (request, _response, next) => {
		if (!route.open) checkToken(request, adminToken);
		next();
	};
}

function body(route: Route): RequestHandler {
	if (route.text) return express.text({ type: () => true, limit: MAX_BODY_BYTES });
	return express.json({ type: () => true, limit: MAX_BODY_BYTES });
}

function serve({ api }: AdminOptions, route: Route): RequestHandler {
	return async (request, response) => {
		const input = { params: request.params, query: request.query, body: request.body };
		const gone = new AbortController();
		response.on('close', () => gone.abort());
		const output = await route.handle(api, input, gone.signal);
		if (route.stream) {
			await stream(response, route, output);
			return;
		}
		const checked = route.output.safeParse(output);
		if (!checked.success) throw new Error('An answer does not fit its schema.', { cause: checked.error });
		response.json(checked.data);
	};
}

function errors(log: Logger): ErrorRequestHandler {
	return (error: unknown, request, response, next) => {
		if (response.headersSent) {
			next(error);
			return;
		}
		const { status, message } = toAnswer(error);
		if (status >= 500)
			log.error({ err: error, method: request.method, path: request.path }, 'admin request failed');
		response.status(status).json({ error: message });
	};
}
