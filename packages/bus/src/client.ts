import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
	type AnyOperation,
	AppError,
	addressedByUser,
	type Contract,
	contract,
	ErrorBody,
	operationSubject,
	type ServiceName,
	toAppError,
	UserId,
} from '@chat-manager/contracts';
import { type Msg, NatsError, ErrorCode as NatsErrorCode } from 'nats';
import { z } from 'zod';
import type { Bus } from './connection.ts';
import { header, tracedHeaders } from './headers.ts';
import { inSpan } from './spans.ts';

/** In whose name an operation is called: the signed grant, and what the client itself needs of it. */
export type Caller = { userId: string; signedGrant: string; deadline: number };

/** The operations of a service as functions. Granted ones take a caller, internal ones do not. */
export type Client<S extends ServiceName> = {
	readonly [D in keyof Contract[S]]: { readonly [V in keyof Contract[S][D]]: Method<Contract[S][D][V]> };
};

type Method<O> = O extends AnyOperation
	? O['kind'] extends 'internal'
		? (input: z.input<O['input']>) => Promise<z.output<O['output']>>
		: (input: z.input<O['input']>, caller: Caller) => Promise<z.output<O['output']>>
	: never;

/** What every reply looks like. */
const Reply = z.union([z.object({ output: z.unknown() }), z.object({ error: ErrorBody })]);

export function createClient<S extends ServiceName>(bus: Bus, service: S): Client<S> {
	const domains = Object.entries(contract[service]).map(([domain, verbs]) => [
		domain,
		Object.fromEntries(
			Object.entries(verbs as Record<string, AnyOperation>).map(([verb, operation]) => [
				verb,
				(input: unknown, caller?: Caller) =>
					callOperation(bus, { service, domain, verb, operation }, input, caller),
			]),
		),
	]);
	return Object.fromEntries(domains) as Client<S>;
}

/** An internal operation on one user's connector names the user in its input. */
const Addressee = z.object({ userId: UserId });

type Target = { service: ServiceName; domain: string; verb: string; operation: AnyOperation };

/**
 * Asks the service that answers an operation, and waits until the operation's time or the caller's deadline is over.
 * Throws what the service threw; `device_offline` or `unavailable` at once when nobody is there to answer;
 * `timeout` when nothing was heard, though what can be repeated was asked twice, or `outcome_unknown` when repeating it could do
 * it twice.
 */
export function callOperation(bus: Bus, target: Target, input: unknown, caller?: Caller): Promise<unknown> {
	const name = `ask ${target.service}.${target.domain}.${target.verb}`;
	return inSpan(name, { kind: 'CLIENT' }, () => ask(bus, target, input, caller));
}

async function ask(bus: Bus, target: Target, input: unknown, caller?: Caller): Promise<unknown> {
	const { service, domain, verb, operation } = target;
	if (!bus.isConnected()) throw nobodyAnswers(service);
	const deadline = Math.min(Date.now() + operation.timeoutMs, caller?.deadline ?? Number.POSITIVE_INFINITY);
	const timeoutMs = deadline - Date.now();
	if (timeoutMs <= 0)
		throw new AppError('timeout', 'The request ran out of time and nothing was done. Try again.');
	const headers = tracedHeaders();
	headers.set(header.deadline, String(deadline));
	headers.set(header.call, randomUUID());
	if (caller !== undefined) headers.set(header.grant, caller.signedGrant);
	const userId = service === addressedByUser ? (caller?.userId ?? Addressee.parse(input).userId) : undefined;
	const subject = operationSubject(service, domain, verb, userId);
	const body = JSON.stringify(input);
	const request = (ms: number) => bus.nats.request(subject, body, { timeout: ms, headers });
	try {
		const message = await (operation.idempotent ? insist(request, timeoutMs) : request(timeoutMs));
		return readReply(operation, message.json());
	} catch (error) {
		throw error instanceof NatsError ? fromNats(error, target) : error;
	}
}

/**
 * Asks once more when half of the time went by in silence: who was asked may have died at that moment, or have lost its
 * connection and with it the right to reply. Who is still at it gives both the same answer. The first answer counts; without
 * any, what the second request met with.
 */
async function insist(request: (timeoutMs: number) => Promise<Msg>, timeoutMs: number): Promise<Msg> {
	const first = request(timeoutMs);
	const answered = new AbortController();
	const silence = setTimeout(timeoutMs / 2, true, { signal: answered.signal });
	try {
		const isSilent = await Promise.race([first.then(() => false), silence]);
		if (!isSilent) return await first;
	} finally {
		answered.abort();
	}
	const second = request(timeoutMs / 2);
	return Promise.any([first, second]).catch(() => second);
}

/** A reply that does not fit the contract is a mistake of ours, not of the caller. */
function readReply(operation: AnyOperation, json: unknown): unknown {
	const reply = Reply.safeParse(json);
	if (!reply.success) throw misfit(reply.error);
	if ('error' in reply.data) throw fromBody(reply.data.error);
	const output = operation.output.safeParse(reply.data.output);
	if (!output.success) throw misfit(output.error);
	return output.data;
}

function misfit(cause: z.ZodError): AppError {
	return toAppError(new Error('The reply does not fit the contract', { cause }));
}

function fromBody({ code, message, retryAfterMs }: ErrorBody): AppError {
	return new AppError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function fromNats(error: NatsError, { service, operation }: Target): AppError {
	if (error.code === NatsErrorCode.NoResponders) return nobodyAnswers(service);
	if (error.code === NatsErrorCode.Timeout && !operation.idempotent) {
		return new AppError(
			'outcome_unknown',
			'No answer came in time, so it is unknown whether this was done. Look before you repeat it, or repeat it with the same idempotencyKey.',
			{ cause: error },
		);
	}
	if (error.code === NatsErrorCode.Timeout) {
		return new AppError(
			'timeout',
			'No answer came in time. Try again in a moment: to do it twice is the same as once.',
			{
				cause: error,
			},
		);
	}
	return new AppError('unavailable', 'The message bus did not take the request. Try again in a moment.', {
		cause: error,
	});
}

function nobodyAnswers(service: ServiceName): AppError {
	return service === addressedByUser
		? new AppError(
				'device_offline',
				'Your WhatsApp device is not connected at the moment. Try again in a moment: its connection may just be moving between servers. If it stays away, open the dashboard to see its state and link it again if needed.',
				{ retryAfterMs: 5_000 },
			)
		: new AppError(
				'unavailable',
				`The ${service} service is not available at the moment. Try again in a moment.`,
				{
					retryAfterMs: 2_000,
				},
			);
}
