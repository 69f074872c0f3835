import type { Readiness } from '@chat-manager/service';
import { Router } from 'express';

/** `/healthz`: the process lives. `/readyz`: what it depends on is there too. For probes, under any Host. */
export function createHealthDoor(ready: () => Promise<Readiness>): Router {
	const router = Router();
	router.get('/healthz', (_request, response) => {
		response.set('Cache-Control', 'no-store').json({ status: 'ok' });
	});
	router.get('/readyz', async (_request, response) => {
		const checks = await ready();
		const isReady = Object.values(checks).every((state) => state === 'ok');
		response
			.status(isReady ? 200 : 503)
			.set('Cache-Control', 'no-store')
			.json({ status: isReady ? 'ok' : 'unavailable', checks });
	});
	return router;
}
