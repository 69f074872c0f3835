import { z } from 'zod';

/** The standard settings of OpenTelemetry that traces obey; those of the OTLP exporter it reads itself. */
export const tracingShape = {
	OTEL_EXPORTER_OTLP_ENDPOINT: z
		.url()
		.optional()
		.describe(
			'Where traces are sent, by OTLP over HTTP (protobuf), like http://collector:4318. Off unless set.',
		),
	OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z
		.url()
		.optional()
		.describe('The same for traces alone, with the whole path.'),
	OTEL_EXPORTER_OTLP_HEADERS: z
		.string()
		.optional()
		.meta({ secret: true })
		.describe('Headers for that receiver: name=value, separated by commas.'),
	OTEL_TRACES_EXPORTER: z
		.enum(['otlp', 'none'])
		.optional()
		.describe('`otlp` sends traces also without an endpoint (to localhost:4318); `none` sends none.'),
	OTEL_SDK_DISABLED: z.stringbool().default(false).describe('No traces, whatever else is set.'),
	OTEL_TRACES_SAMPLER: z
		.enum([
			'always_on',
			'always_off',
			'traceidratio',
			'parentbased_always_on',
			'parentbased_always_off',
			'parentbased_traceidratio',
		])
		.default('parentbased_always_on')
		.describe('Which traces are recorded.'),
	OTEL_TRACES_SAMPLER_ARG: z.coerce
		.number()
		.min(0)
		.max(1)
		.default(1)
		.describe('Which part of them, for traceidratio.'),
	OTEL_BSP_SCHEDULE_DELAY: z.coerce
		.number()
		.int()
		.min(1)
		.default(5_000)
		.describe('How long what is to be sent waits for more, in milliseconds.'),
};
