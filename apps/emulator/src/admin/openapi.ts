import { z } from 'zod';
import type { Route, Streaming } from './route.ts';

/**
 * The admin API in the words of OpenAPI 3.1, whose schemas are those of JSON Schema 2020-12. Everything comes from the table of
 * routes, so it cannot say anything else than what is checked.
 */
export function describeApi(routes: readonly Route[]): OpenApi {
	const paths: Record<string, Record<string, unknown>> = {};
	for (const route of routes) {
		const path = `/admin${route.path.replaceAll(/:([a-zA-Z]+)/g, '{$1}')}`;
		paths[path] = { ...paths[path], [route.method]: operation(route) };
	}
	return {
		openapi: '3.1.0',
		info: {
			title: 'Admin API of the simulated WhatsApp network',
			version: '1',
			description:
				'What people do on their phones, and what goes wrong on the way, by HTTP. Unknown fields are refused. Every error is one sentence.',
		},
		paths,
		components: {
			securitySchemes: { adminToken: { type: 'http', scheme: 'bearer' } },
			responses: {
				error: {
					description: 'The request was refused: 4xx says what to change, 500 that the emulator failed.',
					content: json({
						type: 'object',
						properties: { error: { type: 'string', description: 'One sentence.' } },
						required: ['error'],
						additionalProperties: false,
					}),
				},
			},
		},
	};
}

export type OpenApi = {
	readonly openapi: string;
	readonly info: Readonly<Record<string, string>>;
	readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	readonly components: Readonly<Record<string, unknown>>;
};

const STREAMS: Readonly<Record<Streaming, { readonly type: string; readonly description: string }>> = {
	lines: { type: 'application/x-ndjson', description: 'Line by line, one of these each.' },
	events: { type: 'text/event-stream', description: 'As server-sent events, one of these each.' },
};

function operation(route: Route): unknown {
	const [, tag = ''] = route.path.split('/');
	const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
	const stream = route.stream && STREAMS[route.stream];
	const output = schemaOf(route.output, 'output');
	return {
		operationId: [route.method, ...route.path.split(/[/:-]+/).filter(Boolean)].join('_'),
		summary: route.summary,
		tags: [tag],
		security: route.open ? [] : [{ adminToken: [] }],
		...(parameters.length > 0 && { parameters }),
		...bodyOf(route),
		responses: {
			200: stream
				? { description: stream.description, content: { [stream.type]: { schema: output } } }
				: { description: 'Done.', content: json(output) },
			default: { $ref: '#/components/responses/error' },
		},
	};
}

function bodyOf(route: Route): { requestBody?: unknown } {
	if (route.text) {
		return {
			requestBody: { required: true, content: { 'text/plain': { schema: schemaOf(route.body, 'input') } } },
		};
	}
	// A route without a body takes an empty object, too; there is nothing to describe.
	if (route.body.safeParse(undefined).success) return {};
	return { requestBody: { required: true, content: json(schemaOf(route.body, 'input')) } };
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): unknown[] {
	const { properties = {}, required = [] } = schemaOf(schema, 'input');
	return Object.entries(properties).map(([name, property]) => ({
		name,
		in: place,
		required: place === 'path' || required.includes(name),
		schema: property,
	}));
}

/** A parameter that arrives as text and is read as a number has the type that it is read as. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
	const { $schema: _, ...described } = z.toJSONSchema(schema, {
		io,
		unrepresentable: 'any',
		override({ zodSchema, jsonSchema }) {
			const { def } = zodSchema._zod;
			if (io === 'input' && def.type === 'number' && 'coerce' in def && def.coerce === true)
				jsonSchema.type = 'integer';
		},
	});
	return described;
}

function json(schema: unknown): Record<string, unknown> {
	return { 'application/json': { schema } };
}
