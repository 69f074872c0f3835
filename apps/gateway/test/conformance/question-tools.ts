import { randomUUID } from 'node:crypto';
import {
	acceptedContent,
	createRequestStateCodec,
	type InputRequests,
	inputRequired,
	type ServerNotifier,
} from '@modelcontextprotocol/server';
import type { Round } from '../../src/mcp/registry.ts';
import { type FixtureTool, text } from './content-tools.ts';

export const stateCodec = createRequestStateCodec<Record<string, unknown>>({
	key: crypto.getRandomValues(new Uint8Array(32)),
});

const form = (message: string, field: string) =>
	inputRequired.elicit({
		message,
		requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] },
	});
const confirm = inputRequired.elicit({
	message: 'Please confirm',
	requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
});
const sampling = (words: string, maxTokens: number) =>
	inputRequired.createMessage({
		messages: [{ role: 'user', content: { type: 'text', text: words } }],
		maxTokens,
	});
const mint = (state: Record<string, unknown>) => stateCodec.mint({ ...state, nonce: randomUUID() });
const responsesOf = (round: Round | undefined) => round?.context.mcpReq.inputResponses;
const accepted = (round: Round | undefined, key: string) =>
	acceptedContent<Record<string, unknown>>(responsesOf(round), key);
const response = (round: Round | undefined, key: string): Record<string, unknown> | undefined => {
	const value = responsesOf(round)?.[key];
	return typeof value === 'object' && value !== null ? { ...value } : undefined;
};

/** Questions in the middle of a call, which have no state here but what the client brings back. */
export const questionTools: Record<string, FixtureTool> = {
	test_missing_capability: {
		description: 'Needs a client that samples',
		call: async (_args, round) =>
			response(round, 'llm_answer') === undefined
				? inputRequired({ inputRequests: { llm_answer: sampling('Reply with the single word: pong', 16) } })
				: text('sampling round-trip complete'),
	},
	test_input_required_result_elicitation: {
		description: 'Asks for a name',
		async call(_args, round) {
			const name = accepted(round, 'user_name')?.name;
			return typeof name === 'string'
				? text(`Hello, ${name}!`)
				: inputRequired({ inputRequests: { user_name: form('What is your name?', 'name') } });
		},
	},
	test_input_required_result_sampling: {
		description: 'Asks a model',
		async call(_args, round) {
			const answer = response(round, 'capital_question');
			return answer === undefined
				? inputRequired({
						inputRequests: { capital_question: sampling('What is the capital of France?', 100) },
					})
				: text(`Sampling response: ${JSON.stringify(answer.content)}`);
		},
	},
	test_input_required_result_list_roots: {
		description: 'Asks for roots',
		async call(_args, round) {
			const roots = response(round, 'client_roots')?.roots;
			return Array.isArray(roots)
				? text(`Client exposed ${roots.length} root(s)`)
				: inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
		},
	},
	test_input_required_result_request_state: {
		description: 'Brings its state back',
		async call(_args, round) {
			if (accepted(round, 'confirm') === undefined)
				return inputRequired({
					inputRequests: { confirm },
					requestState: await mint({ tool: 'request_state' }),
				});
			const state = round?.context.mcpReq.requestState();
			return text(
				state === undefined ? 'no state' : 'state-ok: requestState verified and confirmation received',
			);
		},
	},
	test_input_required_result_multiple_inputs: {
		description: 'Asks for three things at once',
		async call(_args, round) {
			const name = accepted(round, 'user_name')?.name;
			const greeting = response(round, 'greeting');
			const roots = response(round, 'client_roots')?.roots;
			if (typeof name === 'string' && greeting !== undefined && Array.isArray(roots))
				return text(`${JSON.stringify(greeting.content)} ${name}, ${roots.length} root(s)`);
			return inputRequired({
				inputRequests: {
					user_name: form('What is your name?', 'name'),
					greeting: sampling('Generate a greeting', 50),
					client_roots: inputRequired.listRoots(),
				},
				requestState: await mint({ tool: 'multiple_inputs' }),
			});
		},
	},
	test_input_required_result_multi_round: {
		description: 'Asks twice',
		async call(_args, round) {
			const state = round?.context.mcpReq.requestState<Record<string, unknown>>();
			const step = state?.tool === 'multi_round' ? state.round : 0;
			if (step === 0)
				return inputRequired({
					inputRequests: { step1: form('Step 1: What is your name?', 'name') },
					requestState: await mint({ tool: 'multi_round', round: 1 }),
				});
			if (step === 1)
				return inputRequired({
					inputRequests: { step2: form('Step 2: What is your favorite color?', 'color') },
					requestState: await mint({
						tool: 'multi_round',
						round: 2,
						name: accepted(round, 'step1')?.name ?? 'unknown',
					}),
				});
			return text(`${String(state?.name)} likes ${String(accepted(round, 'step2')?.color)}`);
		},
	},
	test_input_required_result_tampered_state: {
		description: 'Refuses a state that was changed',
		async call(_args, round) {
			if (round?.context.mcpReq.requestState() !== undefined && accepted(round, 'confirm') !== undefined)
				return text('integrity-ok: requestState verified');
			return inputRequired({
				inputRequests: { confirm },
				requestState: await mint({ tool: 'tampered_state' }),
			});
		},
	},
	test_input_required_result_capabilities: {
		description: 'Asks only for what the client can do',
		async call(_args, round) {
			if (responsesOf(round) !== undefined) return text('Capability-aware input requests fulfilled');
			const inputRequests: InputRequests = {};
			const client = round?.client;
			if (client?.elicitation !== undefined) inputRequests.user_name = form('What is your name?', 'name');
			if (client?.sampling !== undefined) inputRequests.greeting = sampling('Generate a short greeting', 50);
			if (client?.roots !== undefined) inputRequests.client_roots = inputRequired.listRoots();
			return Object.keys(inputRequests).length === 0
				? text('No declared client capability supports an in-band input request')
				: inputRequired({ inputRequests });
		},
	},
};

/** What needs a session, which we do not have: on the wire of 2025-11-25 the four scenarios that call these must fail. */
export const sessionTools: Record<string, FixtureTool> = Object.fromEntries(
	[
		'test_sampling',
		'test_elicitation',
		'test_elicitation_sep1034_defaults',
		'test_elicitation_sep1330_enums',
	].map((name): [string, FixtureTool] => [
		name,
		{
			description: 'Asks the client in the middle of a call, the old way',
			call: async () => ({ ...text('This server has no sessions, so it cannot ask.'), isError: true }),
		},
	]),
);

export function changeTools(notify: ServerNotifier): Record<string, FixtureTool> {
	const trigger = (description: string, run: () => void): FixtureTool => ({
		description,
		async call() {
			run();
			return text('Published.');
		},
	});
	return {
		test_trigger_tool_change: trigger('Tells that the tools changed', () => notify.toolsChanged()),
		test_trigger_prompt_change: trigger('Tells that the prompts changed', () => notify.promptsChanged()),
	};
}
