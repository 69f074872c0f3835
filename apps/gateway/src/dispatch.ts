import { randomUUID } from 'node:crypto';
import { callOperation } from '@chat-manager/bus';
import {
	AppError,
	assertGroupGranted,
	type Call,
	type Route,
	type ServiceName,
	toAppError,
} from '@chat-manager/contracts';
import { z } from 'zod';
import type { Caller } from './access/caller.ts';
import type { Context } from './context.ts';
import { handlers } from './handlers/all.ts';
import { assertStorable } from './storable-text.ts';

export type Invocation = {
	entry: Route['entry'];
	/** As it came in. */
	input: unknown;
	caller: Caller;
	/** Fires when nobody waits for the answer any more. */
	signal: AbortSignal;
};

const ownService: ServiceName = 'gateway';

/**
 * The one way to any operation, whichever door it is asked at: scope, input, group limit; then our own handler, or the
 * service that answers it, with a signed grant. Throws nothing but `AppError`.
 */
export async function dispatch(context: Context, invocation: Invocation): Promise<Record<string, unknown>> {
	const { entry, caller } = invocation;
	const { userId, tokenId } = caller;
	const callId = randomUUID();
	const startedAt = context.clock.monotonicMs();
	let code = 'ok';
	try {
		return await perform(context, invocation, callId);
	} catch (thrown) {
		const error = toAppError(thrown);
		code = error.code;
		if (code === 'internal')
			context.logger.error({ err: thrown, operation: entry.id, callId }, 'call failed');
		throw error;
	} finally {
		const ms = Math.round(context.clock.monotonicMs() - startedAt);
		context.logger.info({ operation: entry.id, callId, userId, tokenId, code, ms }, 'call');
	}
}

async function perform(
	context: Context,
	{ entry, input, caller, signal }: Invocation,
	callId: string,
): Promise<Record<string, unknown>> {
	const { operation } = entry;
	assertScope(caller, operation.scope, context);
	const parsed = operation.input.parse(input);
	assertStorable(parsed);
	assertGroups(caller, parsed);
	const call = {
		userId: caller.userId,
		callId,
		deadline: context.clock.now() + operation.timeoutMs,
		groups: caller.groups,
		idempotencyKey: typeof parsed.idempotencyKey === 'string' ? parsed.idempotencyKey : undefined,
	};
	const answer = entry.service === ownService ? answerHere(context, entry, parsed, call) : forward();
	return outputOf(operation.output, await (isRead(entry) ? untilAborted(answer, signal) : answer));

	function forward(): Promise<unknown> {
		const { idempotencyKey, groups, ...rest } = call;
		const signedGrant = context.signGrant({
			...rest,
			...(caller.tokenId === undefined ? {} : { tokenId: caller.tokenId }),
			...(idempotencyKey === undefined ? {} : { idempotencyKey }),
			scopes: [...caller.scopes],
			groups: groups === null ? null : [...groups],
			confirmed: caller.tokenId === undefined,
		});
		// The input goes out as it came in: the service parses it by the same schema, and transforms it once.
		return callOperation(context.bus.get(), entry, input, { ...rest, signedGrant }).catch(blameService);
	}
}

/** The input was parsed before it went out: what does not parse now is the answer. */
function blameService(error: unknown): never {
	throw error instanceof z.ZodError ? new Error('A service broke the contract.', { cause: error }) : error;
}

async function answerHere(
	context: Context,
	entry: Route['entry'],
	input: unknown,
	call: Call,
): Promise<unknown> {
	const loose = handlers as unknown as Record<string, Record<string, LooseHandler>>;
	const handler = loose[entry.domain]?.[entry.verb];
	if (handler === undefined) throw new Error(`No handler for ${entry.id}`);
	return await handler(context, input, call);
}

function assertScope(caller: Caller, scope: Route['entry']['operation']['scope'], context: Context): void {
	if (caller.scopes.includes(scope)) return;
	throw new AppError(
		'forbidden',
		`This needs the permission ${scope}, which the access token does not have. Create a token with it at ${context.publicUrl.tokenPage}, or do it signed in.`,
	);
}

/** Every group that an input names must be one that the token is limited to. */
function assertGroups(caller: Caller, { jid, groups }: Record<string, unknown>): void {
	if (typeof jid === 'string') assertGroupGranted(caller, jid);
	if (Array.isArray(groups)) for (const group of groups) assertGroupGranted(caller, String(group));
}

/** An answer that does not fit its own schema is a mistake of ours, not of the caller. */
function outputOf(schema: z.ZodObject, output: unknown): Record<string, unknown> {
	const parsed = schema.safeParse(output);
	if (parsed.success) return parsed.data;
	throw new Error('The answer does not fit the contract.', { cause: z.prettifyError(parsed.error) });
}

/** What changes nothing may be given up when nobody waits; anything else runs to its end. */
function isRead({ operation }: Route['entry']): boolean {
	return operation.scope.endsWith(':read') || operation.tool?.readOnly === true;
}

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
	const { promise: gone, reject } = Promise.withResolvers<never>();
	const abort = () => reject(new AppError('timeout', 'The caller is gone; nobody waits for the answer.'));
	signal.addEventListener('abort', abort, { once: true });
	if (signal.aborted) abort();
	try {
		return await Promise.race([answer, gone]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

type LooseHandler = (context: Context, input: unknown, call: Call) => Promise<unknown>;
