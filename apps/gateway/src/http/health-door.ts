import { Router } from 'express';
import type { Context } from '../context.ts';

/** `/healthz`: the process lives. `/readyz`: what it depends on is there too. For probes, under any Host. */
export function createHealthDoor({ database, bus }: Context): Router {
	const router = Router();
	router.get('/healthz', (_request, response) => {
		response.set('Cache-Control', 'no-store').json({ status: 'ok' });
	});
	router.get('/readyz', async (_request, response) => {
		const checks = { database: await database.state(), nats: bus.isConnected() ? 'ok' : 'unavailable' };
		const isReady = Object.values(checks).every((state) => state === 'ok');
		response
			.status(isReady ? 200 : 503)
			.set('Cache-Control', 'no-store')
			.json({ status: isReady ? 'ok' : 'unavailable', checks });
	});
	return router;
}
