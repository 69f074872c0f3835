import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** JSON Schema 2020-12 of what a caller sends (`input`) or gets (`output`); without `$schema`, which only costs tokens. */
export function jsonSchema(schema: z.ZodObject, direction: 'input' | 'output'): JsonSchema {
	const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: direction });
	return oneTypeEach(rest) as JsonSchema;
}

/** A list of types is legal, but clients that know one `type` alone drop it or refuse the tool: each type becomes a branch. */
function oneTypeEach(node: unknown): unknown {
	if (Array.isArray(node)) return node.map(oneTypeEach);
	if (typeof node !== 'object' || node === null) return node;
	const { type, description, ...rest } = Object.fromEntries(
		Object.entries(node).map(([key, value]) => [key, oneTypeEach(value)]),
	);
	const shared = description === undefined ? {} : { description };
	if (!Array.isArray(type)) return { ...(type === undefined ? {} : { type }), ...shared, ...rest };
	return {
		anyOf: type.map((one) => (one === 'null' ? { type: one } : { type: one, ...rest })),
		...shared,
	};
}
