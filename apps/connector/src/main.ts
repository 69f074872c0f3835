import { run } from '@chat-manager/service';
import { config, stopTimeoutMs } from './config.ts';
import { useNativeCryptography } from './whatsapp/native-cryptography.ts';
import { keepJobsInTheirContext } from './whatsapp/signal-jobs.ts';

await run({
	name: 'connector',
	config,
	stopTimeoutMs,
	async createApp(settings, tools) {
		// All before Baileys is loaded: it takes its copy of the console, of the queue and of the curve when it is.
		await import('./whatsapp/quiet-libsignal.ts');
		keepJobsInTheirContext();
		if (settings.CM_NATIVE_CURVE === 'on') useNativeCryptography();
		const { createApp } = await import('./app.ts');
		return createApp(settings, tools);
	},
});
