import {
	type AnyOperation,
	AppError,
	assertConfirmed,
	assertGroupsGranted,
	assertPermitted,
	type Call,
	type Contract,
	commonErrors,
	contract,
	type Grant,
	type Handlers,
	type InternalCall,
	type ServiceName,
	serviceSubjects,
	toAppError,
} from '@chat-manager/contracts';
import type { Span } from '@opentelemetry/api';
import type { Msg, Subscription } from 'nats';
import { z } from 'zod';
import type { Bus } from './connection.ts';
import type { GrantVerifier } from './grants.ts';
import { header } from './headers.ts';
import { createSharedWork } from './shared-work.ts';
import { inSpan, traceOf } from './spans.ts';
import { createUserQueues } from './user-queues.ts';

export type ServeOptions<S extends ServiceName, Context> = {
	service: S;
	handlers: Handlers<Contract[S], Context>;
	context: Context;
	verifyGrant: GrantVerifier;
	/** Given when this process answers for one user alone (the connector that holds the socket). */
	userId?: string;
	/** Makes another error of one that a handler threw (that the database is away); all others are returned as they are. */
	translateError?: (thrown: unknown) => unknown;
	/** How many operations of one user run at a time. */
	concurrencyPerUser?: number;
};

export type Serving = {
	/** Takes no new request, finishes those that run. */
	stop(): Promise<void>;
};

/**
 * Answers the operations of a service; what it does not know is of a newer version, and said to be tried again. In this order: the entry by its subject, the grant, the scope, the input, whether a
 * person confirmed what needs it, the group limit of the token, the handler, the output. An error that the operation does not declare leaves as `internal`.
 */
export async function serve<S extends ServiceName, Context>(
	bus: Bus,
	options: ServeOptions<S, Context>,
): Promise<Serving> {
	const { service, userId } = options;
	const subjects = serviceSubjects(service, userId);
	const prefixLength = subjects.length - 1;
	const queues = createUserQueues(options.concurrencyPerUser ?? 8);
	const running = new Set<Promise<void>>();
	const shared = createSharedWork<string>();
	const subscription: Subscription = bus.nats.subscribe(subjects, {
		// A queue group shares the work of a service. One user's socket is the contrary: a second holder must be seen.
		...(userId === undefined ? { queue: service } : {}),
		callback: (error, message) => {
			if (error !== null) return bus.log.error({ error, service }, 'Subscription failed');
			const id = message.subject.slice(prefixLength);
			const name = `answer ${service}.${find(id) === undefined ? 'unknown' : id}`;
			const work = inSpan(name, { kind: 'SERVER', parent: traceOf(message.headers) }, (span) =>
				answer(message, id, span),
			);
			running.add(work);
			void work.finally(() => running.delete(work));
		},
	});

	async function answer(message: Msg, id: string, span: Span): Promise<void> {
		message.respond(await shared(sameCall(message), () => reply(message, id, span)));
	}

	async function reply(message: Msg, id: string, span: Span): Promise<string> {
		const startedAt = performance.now();
		let code = 'ok';
		let body: string;
		try {
			body = JSON.stringify({ output: await handle(message, id) });
		} catch (thrown) {
			const error = declared(toAppError(options.translateError?.(thrown) ?? thrown), find(id));
			code = error.code;
			if (code === 'internal') bus.log.error({ error: thrown, service, operation: id }, 'Operation failed');
			body = JSON.stringify({ error: error.toBody() });
		}
		const ms = performance.now() - startedAt;
		span.setAttribute('cm.code', code);
		bus.watch.operationAnswered(find(id) === undefined ? 'unknown' : `${service}.${id}`, code, ms);
		bus.log.debug({ service, operation: id, code, ms }, 'Operation answered');
		return body;
	}

	async function handle(message: Msg, id: string): Promise<unknown> {
		const operation = find(id);
		if (operation === undefined) throw notKnownYet();
		const { caller, confirmed } = authorise(message, operation);
		const input = parseInput(operation, parseJson(message));
		assertConfirmed({ confirmed }, operation, input);
		if ('groups' in caller) assertGroupsGranted(caller, input);
		const [domain = '', verb = ''] = id.split('.');
		const handlers = options.handlers as unknown as Record<string, Record<string, LooseHandler<Context>>>;
		const handler = handlers[domain]?.[verb];
		if (handler === undefined) throw new Error(`No handler for ${service}.${id}`);
		const queue = 'userId' in caller ? caller.userId : 'internal';
		return checkedOutput(operation, await queues.run(queue, () => handler(options.context, input, caller)));
	}

	function authorise(message: Msg, operation: AnyOperation): Authorised {
		const callId = message.headers?.get(header.call) ?? '';
		if (operation.kind === 'internal') {
			const deadline = z.coerce.number().parse(message.headers?.get(header.deadline));
			return { caller: { callId, deadline }, confirmed: true };
		}
		const grant = options.verifyGrant(message.headers?.get(header.grant) ?? '', Date.now());
		if (userId !== undefined && grant.userId !== userId) {
			throw new AppError('forbidden', 'The grant is of another user.');
		}
		assertPermitted(grant, operation);
		return { caller: toCall(grant), confirmed: grant.confirmed };
	}

	function find(id: string): AnyOperation | undefined {
		const [domain = '', verb = ''] = id.split('.');
		const domains = contract[service] as Record<string, Record<string, AnyOperation>>;
		return Object.hasOwn(domains, domain) && Object.hasOwn(domains[domain] ?? {}, verb)
			? domains[domain]?.[verb]
			: undefined;
	}

	// A call right after this must find the subscription: NATS has it when it answers.
	await bus.nats.flush().catch(() => {});
	return {
		async stop() {
			await subscription.drain().catch(() => {}); // A closed connection has nothing left to drain.
			await Promise.allSettled(running);
		},
	};
}

/** A caller that heard nothing asks once more: with the same call id, the same grant and the same words it is the same call. */
function sameCall({ subject, headers, data }: Msg): string {
	return [subject, headers?.get(header.call), headers?.get(header.grant), decoder.decode(data)].join('\n');
}

const decoder = new TextDecoder();

type Authorised = { caller: Call | InternalCall; confirmed: boolean };

/** A field that is not known was checked by the caller's contract: it is of a newer version. Left out, it could mean much. */
function parseInput(operation: AnyOperation, json: unknown): Record<string, unknown> {
	const parsed = operation.input.safeParse(json);
	if (parsed.success) return parsed.data;
	throw parsed.error.issues.every(({ code }) => code === 'unrecognized_keys') ? notKnownYet() : parsed.error;
}

/** Who asks knows more than who answers: an update is under way. */
function notKnownYet(): AppError {
	return new AppError(
		'unavailable',
		'The version that answered does not know this yet: an update is under way. Nothing was done; try again in a moment.',
		{ retryAfterMs: 2_000 },
	);
}

type LooseHandler<Context> = (
	context: Context,
	input: unknown,
	call: Call | InternalCall,
) => Promise<unknown>;

function toCall({ userId, callId, deadline, groups, idempotencyKey }: Grant): Call {
	return { userId, callId, deadline, groups, idempotencyKey };
}

/** An answer that does not fit the contract is our mistake, not the caller's. */
function checkedOutput(operation: AnyOperation, output: unknown): unknown {
	const parsed = operation.output.safeParse(output);
	if (parsed.success) return parsed.data;
	throw new Error('The output does not fit the contract', { cause: parsed.error });
}

/** The escape itself, not a backslash that stands for one followed by the same letters. */
const nulCharacter = /(?<!\\)(?:\\\\)*\\u0000/;

function parseJson(message: Msg): unknown {
	const text = message.string();
	// No field of the contract means anything by it, and Postgres cannot store it.
	if (nulCharacter.test(text))
		throw new AppError('invalid_input', 'The request contains the character U+0000, which is not allowed.');
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new AppError('invalid_input', 'The request is not valid JSON.', { cause });
	}
}

/** The contract cannot lie: a code that the operation does not declare is our mistake, and leaves as `internal`. */
function declared(error: AppError, operation: AnyOperation | undefined): AppError {
	const known = [...commonErrors, ...(operation?.errors ?? [])].includes(error.code);
	return known ? error : toAppError(new Error(`Undeclared error code ${error.code}`, { cause: error }));
}
