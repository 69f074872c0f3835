import type { z } from 'zod';
import type { Api } from '../api/types.ts';

/**
 * One admin route, described once: the server, its checks and any documentation derive from this.
 * `body` is JSON, except that a route with `text` takes the raw text. The answer is JSON, except that a route with `stream`
 * answers bit by bit, as lines of JSON or as server-sent events; `output` is then the schema of one of them.
 */
export type Route = {
	readonly method: 'get' | 'post' | 'put' | 'delete';
	/** Below `/admin`, with `:name` for parameters. */
	readonly path: string;
	readonly summary: string;
	/** Also without the admin token. */
	readonly open: boolean;
	readonly text: boolean;
	readonly stream: Streaming | undefined;
	readonly params: z.ZodType;
	readonly query: z.ZodType;
	readonly body: z.ZodType;
	readonly output: z.ZodType;
	/** `signal` tells of a client that went away. */
	readonly handle: (api: Api, input: RouteInput, signal: AbortSignal) => unknown;
};

export type Streaming = 'lines' | 'events';

type RouteInput = { readonly params: unknown; readonly query: unknown; readonly body: unknown };

type Definition<
	Params extends z.ZodType,
	Query extends z.ZodType,
	Body extends z.ZodType,
	Output extends z.ZodType,
> = {
	readonly method: Route['method'];
	readonly path: string;
	readonly summary: string;
	readonly open?: boolean;
	readonly text?: boolean;
	readonly stream?: Streaming;
	readonly params: Params;
	readonly query: Query;
	readonly body: Body;
	readonly output: Output;
	readonly handle: (
		api: Api,
		input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> },
		signal: AbortSignal,
	) => z.input<Output> | Promise<z.input<Output>> | AsyncIterable<z.input<Output>>;
};

/** Ties a handler's types to its schemas. What reaches the handler has been parsed by them. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
	definition: Definition<P, Q, B, O>,
): Route {
	const { params, query, body } = definition;
	return {
		open: false,
		text: false,
		stream: undefined,
		...definition,
		handle: (api, input, signal) =>
			definition.handle(
				api,
				{
					params: params.parse(input.params),
					query: query.parse(input.query),
					body: body.parse(input.body),
				},
				signal,
			),
	};
}
