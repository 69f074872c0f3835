import pino from 'pino';
import { readConfig } from './config.ts';
import { createEmulator } from './index.ts';

const logger = pino({ name: 'emulator' });
// biome-ignore lint/style/noProcessEnv: the emulator imports nothing of ours, so it has no defineConfig; this is the one place
const emulator = await createEmulator({ ...readConfig(process.env), logger });
logger.info({ url: emulator.url, adminUrl: emulator.adminUrl }, 'ready');
process.send?.({ type: 'ready' });
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
	process.once(signal, () => void emulator.close().then(() => process.exit(0)));
}
