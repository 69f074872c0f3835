import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** JSON Schema 2020-12 of what a caller sends (`input`) or gets (`output`); without `$schema`, which only costs tokens. */
export function jsonSchema(schema: z.ZodObject, direction: 'input' | 'output'): JsonSchema {
	const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: direction });
	return rest;
}
