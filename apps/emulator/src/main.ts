import pino from 'pino';
import { readConfig } from './config.ts';
import { createEmulator, type Emulator } from './index.ts';

/** `npm run emulator`. Under a supervisor it says that it is ready over IPC, and the link with its key goes into no log. */
const logger = pino({ name: 'emulator' });
const emulator = await start();
if (process.send) {
	logger.info({ url: emulator.url, adminUrl: emulator.adminUrl }, 'ready');
	process.send({ type: 'ready' });
} else {
	process.stdout.write(
		`The simulated WhatsApp network listens at ${emulator.url} and its phone page is ${emulator.phoneUrl}\n`,
	);
}
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
	process.once(signal, () => void emulator.close().then(() => process.exit(0)));
}

/** What keeps it from starting is one sentence. */
async function start(): Promise<Emulator> {
	try {
		return await createEmulator({ ...readConfig(), logger });
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		const taken = 'code' in error && error.code === 'EADDRINUSE';
		process.stderr.write(
			taken ? `The port is taken: set CM_EMULATOR_PORT to another one.\n` : `${error.message}\n`,
		);
		process.exit(1);
	}
}
