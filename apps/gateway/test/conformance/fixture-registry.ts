import {
	acceptedContent,
	type GetPromptResult,
	type InputRequiredResult,
	inputRequired,
	type ListToolsResult,
	ProtocolError,
	ProtocolErrorCode,
	type ReadResourceResult,
	ResourceNotFoundError,
	type Server,
	type ServerContext,
	type ServerNotifier,
} from '@modelcontextprotocol/server';
import type { Registry } from '../../src/mcp/registry.ts';
import { contentTools, image } from './content-tools.ts';
import { changeTools, questionTools, sessionTools, stateCodec } from './question-tools.ts';

/** What the conformance suite expects a server to offer, on our dispatcher in place of the tools of the contract. */
export function createFixtureRegistry(notify: ServerNotifier): Registry {
	const tools = { ...contentTools, ...questionTools, ...sessionTools, ...changeTools(notify) };
	const list: ListToolsResult = {
		tools: Object.entries(tools).map(([name, { description, inputSchema }]) => ({
			name,
			description,
			inputSchema: { type: 'object' as const, ...inputSchema },
		})),
	};
	return {
		info: { name: 'conformance-fixtures', version: '1.0.0' },
		instructions: 'Fixtures of the conformance suite.',
		capabilities: () => ({
			tools: { listChanged: true },
			resources: { subscribe: true, listChanged: true },
			prompts: { listChanged: true },
			logging: {},
			completions: {},
		}),
		tools: {
			list: () => list,
			find(name) {
				const tool = tools[name];
				if (tool === undefined) return undefined;
				const { plain, notifies, call } = tool;
				return {
					...(plain ? { plain } : {}),
					...(notifies ? { notifies } : {}),
					call: ({ args = {}, round }) => call(Object(args), round),
				};
			},
		},
		install,
		requestState: { verify: stateCodec.verify },
	};
}

function install(server: Server): void {
	server.setRequestHandler('resources/list', () => ({ resources }));
	server.setRequestHandler('resources/templates/list', () => ({
		resourceTemplates: [
			{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' },
		],
	}));
	server.setRequestHandler('resources/read', ({ params: { uri } }): ReadResourceResult => {
		const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
		if (id !== undefined) {
			const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
			return { contents: [{ uri, mimeType: 'application/json', text }] };
		}
		const found = resources.find((resource) => resource.uri === uri);
		if (found === undefined) throw new ResourceNotFoundError(uri);
		const { mimeType } = found;
		return mimeType === 'image/png'
			? { contents: [{ uri, mimeType, blob: image }] }
			: { contents: [{ uri, mimeType, text: 'This is the content of the static text resource.' }] };
	});
	server.setRequestHandler('resources/subscribe', () => ({}));
	server.setRequestHandler('resources/unsubscribe', () => ({}));
	server.setRequestHandler('logging/setLevel', () => ({}));
	server.setRequestHandler('completion/complete', () => ({
		completion: { values: [], total: 0, hasMore: false },
	}));
	server.setRequestHandler('prompts/list', () => ({
		prompts: Object.entries(prompts).map(([name, { args }]) => ({
			name,
			description: `The fixture ${name}`,
			arguments: args.map((argument) => ({ name: argument, required: true })),
		})),
	}));
	server.setRequestHandler('prompts/get', ({ params }, context) => {
		const prompt = prompts[params.name];
		if (prompt === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'No such prompt.');
		return prompt.get(params.arguments ?? {}, context);
	});
}

const resources = [
	{ uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' },
	{ uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png' },
	{ uri: 'test://watched-resource', name: 'watched-resource', mimeType: 'text/plain' },
];

type FixturePrompt = {
	args: string[];
	get(args: Record<string, string>, context: ServerContext): GetPromptResult | InputRequiredResult;
};

const says = (...content: GetPromptResult['messages'][number]['content'][]): GetPromptResult => ({
	messages: content.map((part) => ({ role: 'user' as const, content: part })),
});

const prompts: Record<string, FixturePrompt> = {
	test_simple_prompt: {
		args: [],
		get: () => says({ type: 'text', text: 'This is a simple prompt for testing.' }),
	},
	test_prompt_with_arguments: {
		args: ['arg1', 'arg2'],
		get: ({ arg1, arg2 }) =>
			says({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
	},
	test_prompt_with_embedded_resource: {
		args: ['resourceUri'],
		get: ({ resourceUri = '' }) =>
			says(
				{
					type: 'resource',
					resource: {
						uri: resourceUri,
						mimeType: 'text/plain',
						text: 'Embedded resource content for testing.',
					},
				},
				{ type: 'text', text: 'Please process the embedded resource above.' },
			),
	},
	test_prompt_with_image: {
		args: [],
		get: () =>
			says(
				{ type: 'image', data: image, mimeType: 'image/png' },
				{ type: 'text', text: 'Please analyze the image above.' },
			),
	},
	test_input_required_result_prompt: {
		args: [],
		get(_args, { mcpReq }) {
			const context = acceptedContent<{ context: string }>(mcpReq.inputResponses, 'user_context')?.context;
			if (typeof context === 'string')
				return says({ type: 'text', text: `Use the following context: ${context}` });
			return inputRequired({
				inputRequests: {
					user_context: inputRequired.elicit({
						message: 'What context should the prompt use?',
						requestedSchema: {
							type: 'object',
							properties: { context: { type: 'string' } },
							required: ['context'],
						},
					}),
				},
			});
		},
	},
};
