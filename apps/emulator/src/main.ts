import pino from 'pino';
import { readConfig } from './config.ts';
import { createEmulator } from './index.ts';

const logger = pino({ name: 'emulator' });
const emulator = await createEmulator({ ...readConfig(), logger });
logger.info({ url: emulator.url, adminUrl: emulator.adminUrl }, 'ready');
process.send?.({ type: 'ready' });
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
	process.once(signal, () => void emulator.close().then(() => process.exit(0)));
}
