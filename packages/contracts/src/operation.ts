import type { z } from 'zod';
import type { ChangeTopic } from './change.ts';
import type { ErrorCode } from './errors.ts';
import type { Program } from './programs.ts';
import type { Scope } from './scopes.ts';

/**
 * An operation is a plain value: everything about it that more than one place must know. Subject, MCP tool, /api route,
 * JSON Schemas, permission check and contract tests are derived from it (see `derive/`).
 */
export type Operation<In extends z.ZodObject = z.ZodObject, Out extends z.ZodObject = z.ZodObject> = {
	kind: 'granted';
	/** One sentence for people. */
	summary: string;
	/** What the model reads beside the summary: when to use it, what comes back. */
	description?: string;
	scope: Scope;
	input: In;
	output: Out;
	example: { input: z.input<In>; output: z.input<Out> };
	/** The codes that a caller must expect, beside those that any call may give (see `commonErrors`). */
	errors: readonly ErrorCode[];
	timeoutMs: number;
	/** Whether doing it twice is the same as doing it once, so that a caller may repeat it on its own. */
	idempotent: boolean;
	/** What a person sees otherwise once it was done, where no event tells of it. */
	changes?: ChangeTopic;
	/** Set when agents may call it. */
	tool?: ToolFace;
};

/** How an operation looks to an agent. The four annotations of MCP are all explicit. */
export type ToolFace = {
	name: string;
	title: string;
	readOnly: boolean;
	destructive: boolean;
	idempotent: boolean;
	openWorld: boolean;
	/** Whether its answer quotes what members of groups wrote: their names and those of groups as much as messages. */
	quotesMembers?: boolean;
	/** Whether it acts outside any group that there is, so that a token limited to some groups cannot have it. */
	outsideGroups?: boolean;
	/** Whether it speaks to a whole group: a person confirms it above the size that the token sets. */
	reachesGroup?: boolean;
	/**
	 * Given where a person has to confirm: what is about to happen, from its checked input and in our own words, or undefined
	 * when this input needs no confirmation.
	 */
	confirm?: (input: Record<string, unknown>) => string | undefined;
};

/** An operation between services, with no person behind it: allowed by the bus' permissions alone. */
export type InternalOperation<
	In extends z.ZodObject = z.ZodObject,
	Out extends z.ZodObject = z.ZodObject,
> = Omit<Operation<In, Out>, 'kind' | 'scope' | 'tool' | 'description'> & {
	kind: 'internal';
	/** Who may ask; the bus refuses everybody else. */
	callers: readonly Program[];
};

export type AnyOperation = Operation | InternalOperation;

/** Whether it changes nothing, so that a read-only token may call it and a caller may give it up half-way. */
export function isReadOnly(operation: AnyOperation): boolean {
	return operation.kind === 'granted' && operation.tool?.readOnly === true;
}

/** Any call may end with one of these. */
export const commonErrors: readonly ErrorCode[] = [
	'invalid_input',
	'unauthenticated',
	'forbidden',
	'confirmation_needed',
	'unavailable',
	'timeout',
	'internal',
];

export function operation<In extends z.ZodObject, Out extends z.ZodObject>(
	entry: Omit<Operation<In, Out>, 'kind'>,
): Operation<In, Out> {
	return { kind: 'granted', ...entry };
}

export function internalOperation<In extends z.ZodObject, Out extends z.ZodObject>(
	entry: Omit<InternalOperation<In, Out>, 'kind'>,
): InternalOperation<In, Out> {
	return { kind: 'internal', ...entry };
}

/** The operations of one service: domain → verb → operation. */
export type ServiceContract = Record<string, Record<string, AnyOperation>>;

/** A handler's view of the call that it serves. */
export type Call = {
	userId: string;
	callId: string;
	/** Milliseconds since the epoch; look at it again right before an effect (`assertInTime`). */
	deadline: number;
	/** The groups that the caller is limited to; `null` means no limit. */
	groups: readonly string[] | null;
	idempotencyKey: string | undefined;
};

/** One function an operation, typed from it; a missing or wrongly typed one does not compile. */
export type Handlers<S extends ServiceContract, Context> = {
	readonly [D in keyof S]: DomainHandlers<S[D], Context>;
};

export type DomainHandlers<D extends Record<string, AnyOperation>, Context> = {
	readonly [V in keyof D]: Handler<D[V], Context>;
};

type Handler<O extends AnyOperation, Context> = (
	context: Context,
	input: z.output<O['input']>,
	call: O['kind'] extends 'internal' ? InternalCall : Call,
) => Promise<z.input<O['output']>>;

/** An internal call knows its deadline only; whom it concerns stands in its input. */
export type InternalCall = Pick<Call, 'callId' | 'deadline'>;
