import type {
	CallToolResult,
	ClientCapabilities,
	Implementation,
	InputRequiredResult,
	ListToolsResult,
	Server,
	ServerCapabilities,
	ServerContext,
	ServerOptions,
} from '@modelcontextprotocol/server';
import type { Caller } from '../access/caller.ts';

/**
 * What an MCP server of ours offers: the tools of the contract in production, the fixtures of the conformance suite in its
 * tests. Whoever calls sees of it what their token may use.
 */
export type Registry = {
	readonly info: Implementation;
	readonly instructions: string;
	/** The same in both eras of the protocol. */
	capabilities(caller: Caller): ServerCapabilities;
	readonly tools: ToolSet;
	/** Registers what else there is (prompts, resources) on the server of one request. */
	install?(server: Server, caller: Caller): void;
	/** Reads what comes back with the answers of a person. */
	readonly requestState?: ServerOptions['requestState'];
};

export type ToolSet = {
	/** The same object for everybody who may use the same tools: it is turned into JSON once. */
	list(caller: Caller): ListToolsResult;
	/** Also one that the caller may not use: being refused says more than not being found. */
	find(name: string): RegisteredTool | undefined;
};

export type RegisteredTool = {
	/** Whether it tells of its progress: then its answer is a stream. */
	readonly notifies?: boolean;
	/** Whether it answers at once, without a question to a person or a word in between: it need not go through the SDK. */
	readonly plain?: boolean;
	call(call: ToolCall): Promise<CallToolResult | InputRequiredResult>;
};

export type ToolCall = {
	/** As they came in. */
	readonly args: unknown;
	readonly caller: Caller;
	readonly signal: AbortSignal;
	/** Absent for a plain tool. */
	readonly round?: Round;
};

/** The exchange that a call is part of. */
export type Round = {
	readonly context: ServerContext;
	/** What the client says that it can do; undefined where nothing can be asked in the middle of a call. */
	readonly client: ClientCapabilities | undefined;
};
