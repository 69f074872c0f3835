import { entries, eventSpec, eventTypes, jsonSchema, scopeTable, tools } from '@chat-manager/contracts';

/** The schemas of every operation and event as they cross a boundary. */
export function contractLock(): object {
	const toolNames = new Map(tools.map(({ name, entry }) => [entry.id, name]));
	return {
		scopes: Object.keys(scopeTable),
		operations: Object.fromEntries(
			entries.map(({ id, operation }) => [
				id,
				{
					kind: operation.kind,
					...('scope' in operation ? { scope: operation.scope } : {}),
					tool: toolNames.get(id) ?? null,
					idempotent: operation.idempotent,
					timeoutMs: operation.timeoutMs,
					errors: operation.errors,
					input: jsonSchema(operation.input, 'input'),
					output: jsonSchema(operation.output, 'output'),
				},
			]),
		),
		events: Object.fromEntries(eventTypes.map((type) => [type, jsonSchema(eventSpec(type).data, 'output')])),
	};
}
