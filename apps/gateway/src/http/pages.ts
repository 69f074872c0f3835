import { join } from 'node:path';
import express, { Router } from 'express';

/** The page that is shown where no dashboard was built. */
const placeholderDir = join(import.meta.dirname, '../pages');

/**
 * The dashboard, a folder of static files: below `/app` and, for files that refer to the root, below `/`. Every address of
 * the app that is no file is its index page, which finds its way by itself.
 */
export function createPages(dashboardDir: string | undefined): Router {
	const router = Router();
	const folder = dashboardDir ?? placeholderDir;
	const files = express.static(folder, { index: false, redirect: false, setHeaders: cacheFor });
	if (dashboardDir !== undefined) router.get('/', (_request, response) => response.redirect('/app/'));
	router.use('/app', files);
	router.use(files);
	router.get(['/', '/app', '/app/*rest'], (request, response, next) => {
		if (/\.[a-z0-9]+$/i.test(request.path)) return next();
		response.sendFile('index.html', { root: folder, headers: { 'Cache-Control': 'no-cache' } });
	});
	return router;
}

/** Built files carry a hash of their content in their name; all others are asked for again each time. */
function cacheFor(response: { setHeader(name: string, value: string): unknown }, path: string): void {
	const isHashed = /[\\/]assets[\\/]/.test(path);
	response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}
