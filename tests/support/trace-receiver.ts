import { type Receiver, startReceiver } from '@chat-manager/webhooks/receiver';
import protobuf from 'protobufjs';
import { z } from 'zod';

/** As much of https://github.com/open-telemetry/opentelemetry-proto (trace/v1, resource/v1, common/v1) as the tests look at. */
const { root } = protobuf.parse(`
	syntax = "proto3";
	message Request { repeated ResourceSpans resource_spans = 1; }
	message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
	message Resource { repeated KeyValue attributes = 1; }
	message ScopeSpans { repeated Span spans = 2; }
	message Span {
		bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
		fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
	}
	message KeyValue { string key = 1; AnyValue value = 2; }
	message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`);
const Request = root.lookupType('Request');
const Attributes = z
	.array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) }))
	.default([]);
const Id = z.string().transform((base64) => Buffer.from(base64, 'base64').toString('hex'));
const Exported = z.object({
	resourceSpans: z.array(
		z.object({
			resource: z.object({ attributes: Attributes }),
			scopeSpans: z.array(
				z.object({
					spans: z.array(
						z.object({
							traceId: Id,
							spanId: Id,
							parentSpanId: Id.default(''),
							name: z.string(),
							attributes: Attributes,
						}),
					),
				}),
			),
		}),
	),
});

export type Step = { service: string; traceId: string; spanId: string; parentSpanId: string; name: string };

/** A receiver of traces, by OTLP over HTTP with protobuf, as a collector is one. */
export async function startTraceReceiver() {
	const http: Receiver = await startReceiver();
	http.answer = ({ respond }) => respond(200, { 'content-type': 'application/x-protobuf' });
	const read = (body: Buffer): Step[] => {
		const json = Request.toObject(Request.decode(body), { bytes: String, longs: String });
		return Exported.parse(json).resourceSpans.flatMap(({ resource, scopeSpans }) => {
			const name = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
			return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service: String(name) })));
		});
	};
	return {
		url: http.url,
		steps: () => http.at('/v1/traces').flatMap(({ body }) => read(body)),
		/** Everything as it came. */
		bytes: () => Buffer.concat(http.received.map(({ body }) => body)),
		[Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
	};
}

/**
 * The way from a first step down to a last one by the links to the parents, as `service: name`; undefined while no trace has them
 * all.
 */
export function wayTo(steps: readonly Step[], last: (step: Step) => boolean): string[][] {
	return steps.filter(last).map((found) => {
		const way: string[] = [];
		for (let step: Step | undefined = found; step !== undefined; ) {
			way.unshift(`${step.service}: ${step.name}`);
			const { traceId, parentSpanId }: Step = step;
			if (parentSpanId !== '' && !steps.some(({ spanId }) => spanId === parentSpanId)) way.unshift('?');
			step = steps.find((one) => one.traceId === traceId && one.spanId === parentSpanId);
		}
		return way;
	});
}
