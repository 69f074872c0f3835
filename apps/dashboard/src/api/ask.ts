import { type Operation, routes } from '@chat-manager/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { notUnderstood, post } from './post.ts';

const paths = new Map<unknown, string>(routes.map(({ path, entry }) => [entry.operation, path]));

/**
 * Calls an operation of the contract: its input is checked here as the server checks it, its answer by the contract's schema.
 * Throws the server's `AppError`, a `ZodError` for a wrong input, or `ConnectionLost`.
 */
export async function ask<In extends z.ZodObject, Out extends z.ZodObject>(
	operation: Operation<In, Out>,
	input: z.input<In>,
	signal?: AbortSignal,
): Promise<z.output<Out>> {
	const answer = await post(pathOf(operation), operation.input.parse(input), signal);
	const output = operation.output.safeParse(answer);
	if (!output.success) throw notUnderstood(output.error);
	return output.data;
}

/** An operation as a query; everything read through one operation can be refreshed by `keyOf` it. */
export function query<In extends z.ZodObject, Out extends z.ZodObject>(
	operation: Operation<In, Out>,
	input: z.input<In>,
) {
	return queryOptions({
		queryKey: [...keyOf(operation), input],
		queryFn: ({ signal }) => ask(operation, input, signal),
	});
}

/** The first part of the keys of all queries of an operation. */
export function keyOf<In extends z.ZodObject, Out extends z.ZodObject>(
	operation: Operation<In, Out>,
): readonly [string] {
	return [pathOf(operation)];
}

function pathOf(operation: unknown): string {
	const path = paths.get(operation);
	if (path === undefined) throw new Error('Not an operation of the contract');
	return path;
}
