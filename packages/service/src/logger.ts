import { trace } from '@opentelemetry/api';
import { type DestinationStream, destination, type Logger as PinoLogger, pino } from 'pino';
import type { CommonSettings } from './config.ts';
import { redact, scrub } from './redact.ts';

export type Logger = PinoLogger;

/**
 * JSON lines on stdout: `level`, `time`, `service`, `msg`, with traces on the `trace` that it belongs to, and the fields of the line. Values under a key that looks like a secret are redacted at any depth, credentials inside texts are
 * scrubbed, and an error (under any key, or as the first argument) is logged with its code and the chain of its causes.
 */
export function createLogger(options: {
	name: string;
	level?: CommonSettings['LOG_LEVEL'];
	/** Where lines go instead of stdout; for tests. */
	output?: DestinationStream;
}): Logger {
	const output = options.output ?? destination({ fd: 1, sync: true });
	const logger = pino(
		{
			level: options.level ?? 'info',
			base: { service: options.name },
			// Without a receiver of traces there is no span, and no field.
			mixin: () => {
				const span = trace.getActiveSpan()?.spanContext();
				return span === undefined ? {} : { trace: span.traceId };
			},
			timestamp: () => `,"time":"${new Date().toISOString()}"`,
			// Errors come here already described; pino's own serializer would flatten them into one text.
			serializers: { err: (described: unknown) => described },
			formatters: {
				level: (label) => ({ level: label }),
				bindings: redactFields,
				log: redactFields,
			},
		},
		{ write: (line) => output.write(scrub(line)) },
	);
	return redactBindings(logger);
}

/** pino does not format the bindings of a child; children inherit the replaced method. */
function redactBindings(logger: Logger): Logger {
	const { child } = logger;
	logger.child = function (this: Logger, bindings, options) {
		return child.call(this, redactFields(bindings), options);
	} as typeof child;
	return logger;
}

function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
	return redact(fields) as Record<string, unknown>;
}
