import { once } from 'node:events';
import { StartError } from '@chat-manager/embedded';
import { ConfigError, createLogger } from '@chat-manager/service';
import { config } from './config.ts';
import { buildDashboard, dashboardDir } from './dashboard.ts';
import { seedSimulatedNetwork } from './seed.ts';
import { serviceNames } from './system/services.ts';
import { startSystem } from './system/system.ts';

/**
 * `npm start`: the whole system on this machine. Says where it is when it is ready, and where the simulated phone is; Ctrl-C stops everything. What keeps it
 * from starting is one sentence.
 */
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

try {
	// biome-ignore lint/style/noProcessEnv: the one place that hands the environment to a config.
	const settings = config.load(process.env);
	const simulated = (settings.CM_SIMULATOR ?? (settings.NODE_ENV === 'production' ? 'off' : 'on')) === 'on';
	const failing = new AbortController();
	const dashboard = buildDashboard(AbortSignal.any([stopping.signal, failing.signal]));
	await using building = new AsyncDisposableStack();
	// It is awaited below, beside which the rest may fail first: then nothing of it is left behind either.
	building.defer(async () => {
		failing.abort();
		await dashboard.catch(() => undefined);
	});
	dashboard.catch(() => undefined);
	await using system = await startSystem({
		dataDir: settings.CM_DATA_DIR,
		log: createLogger({ name: 'chat-manager', level: 'warn' }),
		port: settings.PORT,
		host: settings.HOST,
		databaseUrl: settings.DATABASE_URL,
		natsUrl: settings.NATS_URL,
		services: serviceNames.filter((name) => name !== 'emulator' || simulated),
		dashboardDir,
		sendsMail: settings.CM_MAIL_URL !== undefined,
		signal: stopping.signal,
	});
	await dashboard;
	if (simulated) await seedSimulatedNetwork(system);
	process.stdout.write(`Chat Manager is ready: ${system.url}\n`);
	if (simulated) process.stdout.write(`No phone at hand? Use the simulated one: ${system.phoneUrl}\n`);
	if (settings.CM_MAIL_URL === undefined)
		process.stdout.write(`Mails are not sent but written to ${system.mailDir}\n`);
	if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
	process.stdout.write('Stopping…\n');
} catch (error) {
	if (!stopping.signal.aborted) fail(error);
}
process.exit(0);

function fail(error: unknown): never {
	if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
}
