import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import type { Round } from '../../src/mcp/registry.ts';

/** The tools that the conformance suite calls by name, in its words; what they must answer is said by its scenarios. */
export type FixtureTool = {
	description: string;
	inputSchema?: Record<string, unknown>;
	/** Needs no exchange with the client: it is served without the SDK. */
	plain?: true;
	notifies?: true;
	call(
		args: Record<string, unknown>,
		round: Round | undefined,
	): Promise<CallToolResult | InputRequiredResult>;
};

export const image =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const audio = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

export const text = (words: string): CallToolResult => ({ content: [{ type: 'text', text: words }] });
const plain = (description: string, result: CallToolResult): FixtureTool => ({
	description,
	plain: true,
	call: async () => result,
});

export const contentTools: Record<string, FixtureTool> = {
	test_simple_text: plain('A text', text('This is a simple text response for testing.')),
	test_image_content: plain('An image', { content: [{ type: 'image', data: image, mimeType: 'image/png' }] }),
	test_audio_content: plain('A sound', { content: [{ type: 'audio', data: audio, mimeType: 'audio/wav' }] }),
	test_embedded_resource: plain('A resource', {
		content: [
			{
				type: 'resource',
				resource: {
					uri: 'test://embedded-resource',
					mimeType: 'text/plain',
					text: 'This is an embedded resource content.',
				},
			},
		],
	}),
	test_multiple_content_types: plain('Several kinds', {
		content: [
			{ type: 'text', text: 'Multiple content types test:' },
			{ type: 'image', data: image, mimeType: 'image/png' },
			{
				type: 'resource',
				resource: {
					uri: 'test://mixed-content-resource',
					mimeType: 'application/json',
					text: '{"test":"data","value":123}',
				},
			},
		],
	}),
	test_error_handling: plain('An error', {
		...text('This tool intentionally returns an error for testing'),
		isError: true,
	}),
	test_streaming_elicitation: plain('A result and nothing before it', text('Result frames only.')),
	test_tool_with_logging: {
		description: 'Log lines on the way',
		notifies: true,
		async call(_args, round) {
			for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed'])
				await round?.context.mcpReq.notify({
					method: 'notifications/message',
					params: { level: 'info', data },
				});
			return text('Tool with logging executed successfully');
		},
	},
	test_logging_tool: {
		description: 'A log line where the request asked for it',
		notifies: true,
		async call(_args, round) {
			await round?.context.mcpReq.log('info', 'test_logging_tool ran');
			return text('Logged.');
		},
	},
	test_tool_with_progress: {
		description: 'Progress on the way',
		notifies: true,
		async call(_args, round) {
			const progressToken = round?.context.mcpReq._meta?.progressToken;
			if (progressToken !== undefined)
				for (const progress of [0, 50, 100])
					await round?.context.mcpReq.notify({
						method: 'notifications/progress',
						params: { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` },
					});
			return text(String(progressToken ?? 'no-progress-token'));
		},
	},
	json_schema_2020_12_tool: {
		description: 'A schema with keywords of JSON Schema 2020-12',
		plain: true,
		inputSchema: {
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			type: 'object',
			$defs: {
				address: {
					$anchor: 'addressDef',
					type: 'object',
					properties: { street: { type: 'string' }, city: { type: 'string' } },
				},
			},
			properties: {
				name: { type: 'string' },
				address: { $ref: '#/$defs/address' },
				contactMethod: { type: 'string', enum: ['phone', 'email'] },
				phone: { type: 'string' },
				email: { type: 'string' },
			},
			allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
			if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
			// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
			then: { required: ['phone'] },
			else: { required: ['email'] },
			additionalProperties: false,
		},
		call: async (args) => text(`Called with ${JSON.stringify(args)}`),
	},
};
