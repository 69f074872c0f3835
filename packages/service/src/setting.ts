import type { z } from 'zod';

/** One setting as a page or an `.env.example` shows it. */
export type Setting = {
	readonly name: string;
	readonly description: string;
	/** The value used when the variable is unset; undefined when there is none. */
	readonly default: unknown;
	readonly required: boolean;
	readonly secret: boolean;
};

/**
 * Reads a setting off its schema. `.describe()` and `.meta({ secret: true })` count wherever they stand in the chain:
 * `z.string().meta({ secret: true }).default('')` is as secret as `z.string().default('').meta({ secret: true })`.
 */
export function describeSetting(name: string, schema: z.ZodType): Setting {
	let description = '';
	let secret = false;
	let fallback: unknown;
	for (const layer of layersOf(schema)) {
		const meta = layer.meta();
		if (description === '' && meta?.description !== undefined) description = meta.description;
		if (meta?.secret === true) secret = true;
		const def = layer.def as SchemaDef;
		if (fallback === undefined && (def.type === 'default' || def.type === 'prefault'))
			fallback = def.defaultValue;
	}
	const required = !schema.safeParse(undefined).success;
	return { name, description, default: fallback, required, secret };
}

/** The schema itself, then what it wraps (default, optional, pipe …), from the outside in. */
function* layersOf(schema: z.ZodType): Generator<z.ZodType> {
	for (let layer: z.ZodType | undefined = schema; layer !== undefined; ) {
		yield layer;
		const def: SchemaDef = layer.def as SchemaDef;
		layer = def.innerType ?? def.in;
	}
}

type SchemaDef = { type: string; innerType?: z.ZodType; in?: z.ZodType; defaultValue?: unknown };
