import type { CommonSettings, Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { createLogger, type Logger } from './logger.ts';
import { startTracing } from './tracing.ts';

/** How long a process may take to stop before it is ended, unless it says that it needs longer. */
export const defaultStopTimeoutMs = 10_000;

export type AppTools = {
	readonly logger: Logger;
	/** Fires when the process is asked to stop, also while the app is still starting. */
	readonly signal: AbortSignal;
};

/**
 * The life of a process, from its settings to its exit code:
 *
 * - starting: settings are parsed (all faults on stderr, exit 1), `createApp` is awaited;
 * - ready: a parent with an IPC channel gets `{ type: 'ready' }`;
 * - stopping: by SIGINT, SIGTERM, or the parent's end of the channel closing (the parent is gone: nobody else would stop
 *   us). `signal` fires, the app is disposed, exit 0. After `stopTimeoutMs` (10 s), or at a second signal, exit 1;
 * - an exception or rejection that nobody handles is logged as fatal and ends the process with 1: its state is unknown.
 */
export async function run<Values extends CommonSettings>(options: {
	name: string;
	config: Config<Values>;
	createApp: (values: Values, tools: AppTools) => Promise<AsyncDisposable>;
	stopTimeoutMs?: (values: Values) => number;
}): Promise<never> {
	const { name, config, createApp } = options;
	const values = loadOrExit(name, config);
	const logger = createLogger({ name, level: values.LOG_LEVEL });
	const fail = (error: unknown, what: string): never => {
		logger.fatal({ err: error }, what);
		process.exit(1);
	};
	process.on('uncaughtException', (error) => fail(error, 'uncaught exception'));
	process.on('unhandledRejection', (reason) => fail(reason, 'unhandled rejection'));
	const signal = stopSignal(logger, options.stopTimeoutMs?.(values) ?? defaultStopTimeoutMs);
	logger.info({ config: config.redacted(values) }, 'starting');
	try {
		await using _tracing = await startTracing(name, values);
		await using app = await createApp(values, { logger, signal });
		void app;
		if (!signal.aborted) {
			logger.info('ready');
			// A parent that is gone is told by `disconnect`; that it cannot be reached is no error of ours.
			process.send?.({ type: 'ready' }, undefined, undefined, () => undefined);
			await aborted(signal);
		}
	} catch (error) {
		if (!signal.aborted) fail(error, 'failed');
		logger.warn({ err: error }, 'an error while stopping');
	}
	logger.info('stopped');
	process.exit(0);
}

function loadOrExit<Values extends CommonSettings>(name: string, config: Config<Values>): Values {
	try {
		// biome-ignore lint/style/noProcessEnv: the one place that hands the environment to a config.
		return config.load(process.env);
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		process.stderr.write(`${name} cannot start with these settings:\n${indent(error.message)}\n`);
		process.exit(1);
	}
}

/** Fires at the first request to stop; from then on the time runs, and a second signal ends the process at once. */
function stopSignal(logger: Logger, stopTimeoutMs: number): AbortSignal {
	const controller = new AbortController();
	const stop = (reason: string): void => {
		if (controller.signal.aborted) {
			// The parent goes together with a signal: that is still one request.
			if (reason !== 'parent gone') process.exit(1);
			return;
		}
		logger.info({ reason }, 'stopping');
		setTimeout(() => {
			logger.error({ stopTimeoutMs }, 'stopping took too long');
			process.exit(1);
		}, stopTimeoutMs);
		controller.abort(new Error('The process is stopping.'));
	};
	process.on('SIGINT', () => stop('SIGINT'));
	process.on('SIGTERM', () => stop('SIGTERM'));
	process.on('disconnect', () => stop('parent gone'));
	if (process.send !== undefined && !process.connected) stop('parent gone');
	return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		// An app that holds nothing open for a moment (every connection lost) must not end by itself.
		const keepAlive = setInterval(() => {}, 3_600_000);
		const end = () => {
			clearInterval(keepAlive);
			resolve();
		};
		signal.addEventListener('abort', end, { once: true });
	});
}

function indent(text: string): string {
	return text.replace(/^/gm, '  ');
}
