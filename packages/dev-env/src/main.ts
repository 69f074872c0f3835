import { StartError } from '@chat-manager/embedded';
import { createLogger } from '@chat-manager/service';
import { config } from './config.ts';
import { seedSimulatedNetwork } from './seed.ts';
import { startSystem } from './system/system.ts';

/**
 * `npm start`: the whole system on this machine. Prints one line when it is ready; Ctrl-C stops everything. What keeps it
 * from starting is one sentence.
 */
try {
	// biome-ignore lint/style/noProcessEnv: the one place that hands the environment to a config.
	const settings = config.load(process.env);
	const stopped = Promise.withResolvers<void>();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.resolve());
	const system = await startSystem({
		dataDir: settings.CM_DATA_DIR,
		log: createLogger({ name: 'chat-manager', level: 'warn' }),
		port: settings.PORT,
		host: settings.HOST,
		databaseUrl: settings.DATABASE_URL,
		natsUrl: settings.NATS_URL,
	});
	await seedSimulatedNetwork(system);
	process.stdout.write(`Chat Manager is ready: ${system.url}\n`);
	await stopped.promise;
	process.stdout.write('Stopping…\n');
	await system[Symbol.asyncDispose]();
	process.exit(0);
} catch (error) {
	if (!(error instanceof StartError) && (error as Error).name !== 'ConfigError') throw error;
	process.stderr.write(`${(error as Error).message}\n`);
	process.exit(1);
}
