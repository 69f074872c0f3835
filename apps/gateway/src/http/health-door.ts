import { Router } from 'express';
import type { Context } from '../context.ts';
import { readiness } from '../readiness.ts';

/** `/healthz`: the process lives. `/readyz`: what it depends on is there too. For probes, under any Host. */
export function createHealthDoor(context: Context): Router {
	const router = Router();
	router.get('/healthz', (_request, response) => {
		response.set('Cache-Control', 'no-store').json({ status: 'ok' });
	});
	router.get('/readyz', async (_request, response) => {
		const checks = await readiness(context);
		const isReady = Object.values(checks).every((state) => state === 'ok');
		response
			.status(isReady ? 200 : 503)
			.set('Cache-Control', 'no-store')
			.json({ status: isReady ? 'ok' : 'unavailable', checks });
	});
	return router;
}
