import type { CommonSettings } from './config.ts';

/**
 * Sends traces to an OTLP receiver (http/protobuf) when the standard settings name one, else nothing is loaded and the calls of
 * `@opentelemetry/api` that are spread over the program do nothing. Disposing sends what is left.
 */
export async function startTracing(service: string, settings: CommonSettings): Promise<AsyncDisposable> {
	if (!isWanted(settings)) return { [Symbol.asyncDispose]: async () => {} };
	const [api, core, hooks, sdk, resources, otlp] = await Promise.all([
		import('@opentelemetry/api'),
		import('@opentelemetry/core'),
		import('@opentelemetry/context-async-hooks'),
		import('@opentelemetry/sdk-trace'),
		import('@opentelemetry/resources'),
		import('@opentelemetry/exporter-trace-otlp-proto'),
	]);
	const named = resources.resourceFromAttributes({
		'service.name': service,
		'service.namespace': 'chat-manager',
	});
	const detected = resources.detectResources({ detectors: [resources.envDetector] });
	const provider = new sdk.TracerProvider({
		resource: named.merge(detected),
		sampler: samplerOf(settings, sdk),
		spanProcessors: [
			new sdk.BatchSpanProcessor({
				// Where to, with which headers and how long: it reads the standard settings itself.
				exporter: new otlp.OTLPTraceExporter(),
				scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
			}),
		],
	});
	api.context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
	api.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
	api.trace.setGlobalTracerProvider(provider);
	return {
		async [Symbol.asyncDispose]() {
			await provider.shutdown().catch(() => {}); // The receiver may be gone; that is no reason not to stop.
		},
	};
}

function isWanted(settings: CommonSettings): boolean {
	if (settings.OTEL_SDK_DISABLED || settings.OTEL_TRACES_EXPORTER === 'none') return false;
	return (
		settings.OTEL_TRACES_EXPORTER === 'otlp' ||
		settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined ||
		settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined
	);
}

function samplerOf(
	{ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: CommonSettings,
	sdk: typeof import('@opentelemetry/sdk-trace'),
) {
	const root = name.endsWith('always_on')
		? new sdk.AlwaysOnSampler()
		: name.endsWith('always_off')
			? new sdk.AlwaysOffSampler()
			: new sdk.TraceIdRatioBasedSampler(ratio);
	return name.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root }) : root;
}
