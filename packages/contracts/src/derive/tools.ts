import { type Entry, entries } from '../contract.ts';
import type { Operation, ToolFace } from '../operation.ts';
import type { Scope } from '../scopes.ts';
import { type JsonSchema, jsonSchema } from './schema.ts';

/** A tool of the MCP server: all that `tools/list` says, and the entry that answers it. */
export type Tool = {
	name: string;
	scope: Scope;
	entry: Entry & { operation: Operation };
	definition: {
		name: string;
		title: string;
		description: string;
		inputSchema: JsonSchema;
		outputSchema: JsonSchema;
		annotations: {
			title: string;
			readOnlyHint: boolean;
			destructiveHint: boolean;
			idempotentHint: boolean;
			openWorldHint: boolean;
		};
	};
};

/** Every tool, in a fixed order: lists must be the same bytes each time. */
export const tools: readonly Tool[] = entries
	.flatMap((entry) => {
		const { operation } = entry;
		if (operation.kind !== 'granted' || operation.tool === undefined) return [];
		return [toTool({ ...entry, operation }, operation.tool)];
	})
	.sort((a, b) => (a.name < b.name ? -1 : 1));

function toTool(entry: Tool['entry'], face: ToolFace): Tool {
	const { operation } = entry;
	return {
		name: face.name,
		scope: operation.scope,
		entry,
		definition: {
			name: face.name,
			title: face.title,
			description: [operation.summary, operation.description].filter(Boolean).join(' '),
			inputSchema: jsonSchema(operation.input, 'input'),
			outputSchema: jsonSchema(operation.output, 'output'),
			annotations: {
				title: face.title,
				readOnlyHint: face.readOnly,
				destructiveHint: face.destructive,
				idempotentHint: face.idempotent,
				openWorldHint: face.openWorld,
			},
		},
	};
}
