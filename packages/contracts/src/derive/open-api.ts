import { z } from 'zod';
import { ErrorBody, errorTable } from '../errors.ts';
import { commonErrors, type Operation } from '../operation.ts';
import { type Route, routes } from './routes.ts';
import { jsonSchema } from './schema.ts';

/** A document of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html). */
export type OpenApi = Record<string, unknown>;

/** Every operation of `/api`, for generators of clients. How people sign in is better-auth's own and not part of it. */
export const apiOpenApi: OpenApi = {
	openapi: '3.1.1',
	info: {
		title: 'Chat Manager API',
		version: '1',
		description:
			'Every operation is a POST with a JSON body. Called with an access token, as `Authorization: Bearer cm_pat_…`, or with the session cookie of a person who is signed in; never with both. Every error has the same form, and its code is one of a closed table.',
	},
	security: [{ token: [] }, { session: [] }],
	paths: Object.fromEntries(routes.map((route) => [route.path, { post: toOperation(route) }])),
	components: {
		securitySchemes: {
			token: { type: 'http', scheme: 'bearer', description: 'A personal access token' },
			session: { type: 'apiKey', in: 'cookie', name: '__Host-cm_session' },
		},
		schemas: { Error: jsonSchema(z.object({ error: ErrorBody }), 'output') },
	},
};

function toOperation({ entry }: Route): object {
	const { operation, id, domain } = entry;
	return {
		operationId: id,
		tags: [domain],
		summary: operation.summary,
		...(operation.description === undefined ? {} : { description: operation.description }),
		'x-scope': operation.scope,
		requestBody: {
			required: true,
			content: json(jsonSchema(operation.input, 'input'), operation.example.input),
		},
		responses: {
			200: {
				description: 'Done',
				content: json(jsonSchema(operation.output, 'output'), operation.example.output),
			},
			...errorResponses(operation),
		},
	};
}

/** One response a status; its description names the codes. */
function errorResponses({ errors }: Operation): Record<string, object> {
	const codes = [...new Set([...errors, ...commonErrors, 'rate_limited' as const])];
	const statuses = [...new Set(codes.map((code) => errorTable[code].http))].sort();
	return Object.fromEntries(
		statuses.map((status) => [
			status,
			{
				description: codes.filter((code) => errorTable[code].http === status).join(', '),
				content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
			},
		]),
	);
}

function json(schema: object, example: unknown): object {
	return { 'application/json': { schema, example } };
}
