import { type Scope, type Tool, tools } from '@chat-manager/contracts';
import { isSpecType, type ListToolsResult } from '@modelcontextprotocol/server';

/** What a set of scopes may see: built once, then the same object for every request that carries those scopes. */
export type ToolList = { readonly result: ListToolsResult };

export function createToolLists(catalogue: readonly Tool[] = tools) {
	const definitions = catalogue.map(({ scope, definition }) => {
		if (!isSpecType.Tool(definition)) throw new Error(`Not a tool of the protocol: ${definition.name}`);
		return { scope, definition };
	});
	const byName = new Map(catalogue.map((tool) => [tool.name, tool]));
	const lists = new Map<string, ToolList>();
	return {
		/** The list for these scopes, in the fixed order of the catalogue. */
		of(scopes: readonly Scope[]): ToolList {
			const key = [...scopes].sort().join(' ');
			const list = lists.get(key) ?? {
				result: {
					tools: definitions.flatMap(({ scope, definition }) => (scopes.includes(scope) ? [definition] : [])),
				},
			};
			lists.set(key, list);
			return list;
		},
		find: (name: string): Tool | undefined => byName.get(name),
	};
}

export type ToolLists = ReturnType<typeof createToolLists>;
