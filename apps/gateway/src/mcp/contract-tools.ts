import { randomUUID } from 'node:crypto';
import {
	type AppError,
	tools as catalogue,
	isPermitted,
	type Tool,
	toAppError,
} from '@chat-manager/contracts';
import {
	type CallToolResult,
	type InputRequiredResult,
	inputRequired,
	isSpecType,
	type ListToolsResult,
} from '@modelcontextprotocol/server';
import type { Caller } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { dispatch, type Question } from '../dispatch.ts';
import { type Confirmer, questionKey } from './confirm.ts';
import { cutToFit, isTooLong, readPlace, skipItems } from './fit.ts';
import { iconsOf } from './icons.ts';
import type { RegisteredTool, ToolCall, ToolSet } from './registry.ts';
import { readable } from './text/readable.ts';
import { toToolFailure, toToolResult, type Voice } from './tool-result.ts';

/** The tools of the contract: what each caller sees of them, and how a call comes to its result. */
export function createContractTools(context: Context, confirmer: Confirmer): ToolSet {
	const { origin } = context.publicUrl;
	const definitions = catalogue.map(({ entry, definition }) => {
		const shown = { ...definition, icons: iconsOf(entry.domain, origin) };
		if (!isSpecType.Tool(shown)) throw new Error(`Not a tool of the protocol: ${definition.name}`);
		return { operation: entry.operation, shown };
	});
	const registered = new Map(catalogue.map((tool) => [tool.name, register(tool)]));
	const lists = new Map<string, ListToolsResult>();

	function register(tool: Tool): RegisteredTool {
		return {
			// What changes nothing asks nobody.
			plain: tool.definition.annotations.readOnlyHint,
			call: (call) => callTool({ context, confirmer, tool }, call),
		};
	}

	return {
		list(caller) {
			const key = [caller.readOnly, caller.groups === null, ...[...caller.scopes].sort()].join(' ');
			const list = lists.get(key) ?? {
				tools: definitions.flatMap(({ operation, shown }) => (isPermitted(caller, operation) ? [shown] : [])),
			};
			lists.set(key, list);
			return list;
		},
		find: (name) => registered.get(name),
	};
}

const operations = new Map(catalogue.map(({ name, entry }) => [name, entry.operation]));

type Called = { context: Context; confirmer: Confirmer; tool: Tool };

async function callTool(
	{ context, confirmer, tool }: Called,
	{ args = {}, caller, signal, round }: ToolCall,
): Promise<CallToolResult | InputRequiredResult> {
	const voice = voiceFor(context, caller);
	const { entry } = tool;
	const place = readPlace(isRecord(args) ? args.cursor : undefined);
	const asked = {
		entry,
		caller,
		signal,
		callId: randomUUID(),
		confirm: confirmer.confirmFor(caller, entry, round),
	};
	try {
		const answer = await dispatch(context, { ...asked, input: atPlace(args, place.cursor) });
		if ('ask' in answer) return toQuestion(answer.ask);
		const output = skipItems(readable(answer.output), place);
		const build = (part: Record<string, unknown>, notes: readonly string[]) =>
			toToolResult(tool, part, notes, voice);
		if (!('limit' in entry.operation.input.shape)) return cutToFit(output, place, build);
		return await fewer(output, build);
	} catch (thrown) {
		const error: AppError = toAppError(thrown);
		return toToolFailure(tool, error, voice);
	}

	/** A page of which the caller may choose the length is asked for again, shorter: its cursor is the service's own. */
	async function fewer(
		page: Record<string, unknown>,
		build: (part: Record<string, unknown>, notes: readonly string[]) => CallToolResult,
	): Promise<CallToolResult> {
		let result = build(page, []);
		let limit = longestList(page);
		while (isTooLong(result) && limit > 1) {
			limit = Math.max(1, Math.floor(limit * Math.min(0.8, 18_000 / JSON.stringify(result).length)));
			const input = { ...(isRecord(args) ? args : {}), limit };
			const answer = await dispatch(context, { ...asked, input });
			if ('ask' in answer) return result;
			const shorter = readable(answer.output);
			result = build(shorter, [
				`Only ${limit} fit into one answer: call again with nextCursor for the rest.`,
			]);
		}
		return result;
	}
}

function voiceFor({ publicUrl, clock }: Context, caller: Caller): Voice {
	return {
		pages: { tokens: publicUrl.tokenPage, device: `${publicUrl.origin}/app` },
		mayCall(name) {
			const operation = operations.get(name);
			return operation !== undefined && isPermitted(caller, operation);
		},
		now: () => clock.now(),
	};
}

function toQuestion({ message, state }: Question): InputRequiredResult {
	return inputRequired({
		requestState: state,
		inputRequests: {
			[questionKey]: inputRequired.elicit({
				message,
				requestedSchema: {
					type: 'object',
					properties: { confirm: { type: 'boolean', title: 'Yes, do it', default: false } },
					required: ['confirm'],
				},
			}),
		},
	});
}

/** The arguments with the service's own cursor instead of ours; anything that is no object stays, to be refused. */
function atPlace(args: unknown, cursor: string | undefined): unknown {
	if (!isRecord(args) || typeof args.cursor !== 'string') return args;
	const { cursor: _, ...rest } = args;
	return cursor === undefined ? rest : { ...rest, cursor };
}

function longestList(output: Record<string, unknown>): number {
	return Math.max(...Object.values(output).map((value) => (Array.isArray(value) ? value.length : 0)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
