import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** The page that is shown where no dashboard was built. */
const placeholderDir = join(import.meta.dirname, '../pages');

/**
 * The dashboard, a folder of static files: below `/app` and, for files that refer to the root, below `/`. Every address of
 * the app that is no file is its index page, which finds its way by itself. Without a folder, or before anything was built
 * into it, a page that says so.
 */
export function createPages(dashboardDir: string | undefined): Router {
	const router = Router();
	if (dashboardDir !== undefined) {
		const files = express.static(dashboardDir, { index: false, redirect: false, setHeaders: cacheFor });
		router.get('/', (_request, response) => response.redirect('/app/'));
		router.use('/app', files);
		router.use(files);
		router.get(['/app', '/app/*rest'], sendIndex(dashboardDir));
	}
	router.use(express.static(placeholderDir, { index: false, redirect: false, setHeaders: cacheFor }));
	router.get(['/', '/app', '/app/*rest'], sendIndex(placeholderDir));
	return router;
}

/** The index page of a folder; the next handler's turn for what looks like a file, or when there is none. */
function sendIndex(root: string): RequestHandler {
	return (request, response, next) => {
		if (/\.[a-z0-9]+$/i.test(request.path)) return next();
		response.sendFile('index.html', { root, headers: { 'Cache-Control': 'no-cache' } }, (error?: Error) => {
			if (error !== undefined && !response.headersSent) next();
		});
	};
}

/** Built files carry a hash of their content in their name; all others are asked for again each time. */
function cacheFor(response: { setHeader(name: string, value: string): unknown }, path: string): void {
	const isHashed = /[\\/]assets[\\/]/.test(path);
	response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}
