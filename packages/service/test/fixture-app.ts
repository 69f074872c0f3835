import { z } from 'zod';
import { defineConfig, run } from '../src/index.ts';

/** An app for `run.test.ts` that behaves as its settings say. */
const config = defineConfig({
	PORT: z.coerce.number().int().default(1),
	SECRET: z.string().meta({ secret: true }),
	BEHAVIOUR: z.enum(['good', 'start-fails', 'start-waits', 'dispose-fails', 'throws-later']).default('good'),
});

await run({
	name: 'fixture',
	config,
	async createApp(values, { logger, signal }) {
		if (values.BEHAVIOUR === 'start-fails') throw new Error('no luck');
		if (values.BEHAVIOUR === 'start-waits') {
			process.send?.({ type: 'waiting' });
			await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
		}
		if (values.BEHAVIOUR === 'throws-later')
			setImmediate(() => void Promise.reject(new Error('nobody listens')));
		await using resources = new AsyncDisposableStack();
		resources.defer(() => logger.info('first closed last'));
		resources.defer(() => logger.info('last closed first'));
		if (values.BEHAVIOUR === 'dispose-fails') resources.defer(() => Promise.reject(new Error('stuck')));
		return resources.move();
	},
});
