import { randomUUID } from 'node:crypto';
import { callOperation, inSpan } from '@chat-manager/bus';
import {
	AppError,
	assertGroupsGranted,
	assertPermitted,
	type Call,
	confirmationNeeded,
	confirmationOf,
	isReadOnly,
	type Route,
	type ServiceName,
	toAppError,
} from '@chat-manager/contracts';
import { z } from 'zod';
import type { Caller } from './access/caller.ts';
import type { Context } from './context.ts';
import { handlers } from './handlers/all.ts';
import { recordCall } from './record-call.ts';
import { assertStorable } from './storable-text.ts';

export type Invocation = {
	entry: Route['entry'];
	/** As it came in. */
	input: unknown;
	caller: Caller;
	/** Fires when nobody waits for the answer any more. */
	signal: AbortSignal;
	/** Given when one call asks more than once: it is one call in every log. */
	callId?: string;
	/**
	 * Where a person can be asked: says for a checked input whether it is confirmed, or what to ask. Without it only the
	 * token's own setting decides.
	 */
	confirm?: (input: Record<string, unknown>) => Promise<Confirmed | { readonly ask: Question }>;
};

/** Whether a person, or their setting of the token, stands behind it. */
export type Confirmed = { readonly confirmed: boolean };

/** What came of it: the answer, or what a person has to be asked first. */
export type Outcome = { readonly output: Record<string, unknown> } | { readonly ask: Question };

/** What a person is asked, and the sealed word that comes back with the answer. */
export type Question = { readonly message: string; readonly state: string };

const ownService: ServiceName = 'gateway';

/**
 * The one way to any operation, whichever door it is asked at: permission, input, group limit, confirmation; then our own
 * handler, or the service that answers it, with a signed grant. Throws nothing but `AppError`.
 */
export async function dispatch(context: Context, invocation: Invocation): Promise<Outcome> {
	const { entry, caller } = invocation;
	const record = recordCall(context, invocation, invocation.callId ?? randomUUID());
	let outcome = 'ok';
	try {
		const answer = await inSpan(`call ${record.tool}`, {}, () => perform(context, invocation, record));
		if ('ask' in answer) outcome = 'asked';
		return answer;
	} catch (thrown) {
		const error = toAppError(thrown);
		outcome = error.code;
		if (outcome === 'internal')
			context.logger.error(
				{ err: thrown, operation: entry.id, callId: record.callId, userId: caller.userId },
				'call failed',
			);
		throw error;
	} finally {
		record.end(outcome);
	}
}

async function perform(
	context: Context,
	{ entry, input, caller, signal, confirm }: Invocation,
	record: ReturnType<typeof recordCall>,
): Promise<Outcome> {
	const { operation } = entry;
	assertPermitted(caller, operation);
	const parsed = operation.input.parse(input);
	assertStorable(parsed);
	assertGroupsGranted(caller, parsed);
	const answered = await (confirm ?? ownWord(operation, caller))(parsed);
	if ('ask' in answered) return answered;
	if (!isReadOnly(operation)) await record.begin();
	const call = {
		userId: caller.userId,
		callId: record.callId,
		deadline: context.clock.now() + operation.timeoutMs,
		groups: caller.groups,
		idempotencyKey: typeof parsed.idempotencyKey === 'string' ? parsed.idempotencyKey : undefined,
	};
	const answer = entry.service === ownService ? answerHere(context, entry, parsed, call) : forward(answered);
	const output = await (isReadOnly(operation) ? untilAborted(answer, signal) : answer);
	if (operation.kind === 'granted' && operation.changes !== undefined)
		context.bus.tell(caller.userId, { topic: operation.changes });
	return { output };

	async function forward(word: Confirmed): Promise<Record<string, unknown>> {
		// The input goes out as it came in: the service parses it by the same schema, and transforms it once.
		const { grants } = context;
		const granted = isReadOnly(operation)
			? grants.forRead(caller, call, operation.timeoutMs)
			: grants.forCall(caller, call, word.confirmed);
		return asOutput(await callOperation(context.bus.get(), entry, input, granted).catch(blameService));
	}
}

/** `callOperation` has read it by the operation's schema, which is one of an object. */
function asOutput(value: unknown): Record<string, unknown> {
	if (typeof value === 'object' && value !== null) return { ...value };
	throw new Error('The answer is no object.');
}

/** Where nobody can be asked: a token that demands it is refused what needs it. */
function ownWord(operation: Route['entry']['operation'], caller: Caller) {
	return async (input: Record<string, unknown>): Promise<Confirmed> => {
		if (caller.confirmation !== 'required') return { confirmed: true };
		if (operation.tool?.reachesGroup === true || confirmationOf(operation, input) !== undefined)
			throw confirmationNeeded();
		return { confirmed: false };
	};
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
): Promise<Record<string, unknown>> {
	const loose = handlers as unknown as Record<string, Record<string, LooseHandler>>;
	const handler = loose[entry.domain]?.[entry.verb];
	if (handler === undefined) throw new Error(`No handler for ${entry.id}`);
	return outputOf(entry.operation.output, await handler(context, input, call));
}

/** An answer that does not fit its own schema is a mistake of ours, not of the caller. */
function outputOf(schema: z.ZodObject, output: unknown): Record<string, unknown> {
	const parsed = schema.safeParse(output);
	if (parsed.success) return parsed.data;
	throw new Error('The answer does not fit the contract.', { cause: z.prettifyError(parsed.error) });
}

/** What changes nothing may be given up when nobody waits; anything else runs to its end. */
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
