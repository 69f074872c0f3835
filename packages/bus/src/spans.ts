import {
	type Attributes,
	type Context,
	context,
	propagation,
	type Span,
	SpanKind,
	SpanStatusCode,
	type TimeInput,
	trace,
} from '@opentelemetry/api';
import type { MsgHdrs } from 'nats';

export type SpanOptions = {
	kind?: keyof typeof SpanKind;
	/** Names of operations and codes; never what somebody wrote, and nothing secret. */
	attributes?: Attributes;
	startTime?: TimeInput;
	/** In whose trace it stands; what is active by default. */
	parent?: Context;
};

/**
 * A step of a trace: what `task` does stands below it. Without a receiver of traces (see `startTracing` of the service package)
 * it is `task` alone. Of an error its name is told, for its text may be foreign.
 */
export async function inSpan<T>(
	name: string,
	options: SpanOptions,
	task: (span: Span) => Promise<T>,
): Promise<T> {
	const parent = options.parent ?? context.active();
	const span = startSpan(name, { ...options, parent });
	try {
		return await context.with(trace.setSpan(parent, span), () => task(span));
	} catch (error) {
		span.setStatus({ code: SpanStatusCode.ERROR });
		span.setAttribute('error.type', error instanceof Error ? nameOf(error) : 'unknown');
		throw error;
	} finally {
		span.end();
	}
}

/** One that is ended by whoever started it. */
export function startSpan(name: string, options: SpanOptions): Span {
	const { kind = 'INTERNAL', attributes, startTime, parent = context.active() } = options;
	return trace.getTracer('chat-manager').startSpan(
		name,
		{
			kind: SpanKind[kind],
			...(attributes === undefined ? {} : { attributes }),
			...(startTime === undefined ? {} : { startTime }),
		},
		parent,
	);
}

/** The trace that is active, as a text to keep (W3C `traceparent`); null when there is none. */
export function traceText(of: Context = context.active()): string | null {
	const carrier: Record<string, string> = {};
	propagation.inject(of, carrier);
	return carrier.traceparent ?? null;
}

/** The trace of such a text, also one from another process; without one what is active. */
export function traceFromText(text: string | null | undefined): Context {
	if (text === null || text === undefined) return context.active();
	return propagation.extract(context.active(), { traceparent: text });
}

/** The trace that a message carries. */
export function traceOf(carrier: MsgHdrs | undefined): Context {
	return traceFromText(carrier?.get('traceparent') || undefined);
}

/** A context with this span in it. */
export function withinSpan(span: Span, parent: Context = context.active()): Context {
	return trace.setSpan(parent, span);
}

function nameOf(error: Error): string {
	return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
