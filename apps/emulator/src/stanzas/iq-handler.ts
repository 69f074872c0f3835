import type { Stanza } from '../binary/node.ts';
import type { Endpoint } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';

export type IqRequest = {
	readonly ctx: Context;
	readonly caller: Endpoint;
	readonly iq: Stanza;
	/** The query itself: the first child. */
	readonly request: Stanza;
};

export type IqAnswer = {
	readonly content?: readonly Stanza[];
	/** Runs when the answer has been written. */
	readonly after?: () => void;
};

/** Answers one kind of query. Throws `Refusal` to refuse it, `MalformedStanza` to end the connection. */
export type IqHandler = (request: IqRequest) => IqAnswer;
export type IqTable = Readonly<Record<string, IqHandler>>;
