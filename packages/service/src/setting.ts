import { z } from 'zod';

/** One setting as a page or an `.env.example` shows it. */
export type Setting = {
	readonly name: string;
	readonly description: string;
	/** The value used when the variable is unset; undefined when there is none. */
	readonly default: unknown;
	readonly required: boolean;
	readonly secret: boolean;
	/** What a value looks like. */
	readonly example: string | undefined;
	/** A command that makes a value. */
	readonly make: string | undefined;
	/** Whether it is for development and tests, and of no use to whoever runs it for others. */
	readonly development: boolean;
	/** What may be said, in words. */
	readonly takes: string;
};

/**
 * Reads a setting off its schema. `.describe()` and `.meta({ secret, example, make, development })` count wherever they stand in the chain:
 * `z.string().meta({ secret: true }).default('')` is as secret as `z.string().default('').meta({ secret: true })`.
 */
export function describeSetting(name: string, schema: z.ZodType): Setting {
	let description = '';
	let secret = false;
	let development = false;
	let example: string | undefined;
	let make: string | undefined;
	let fallback: unknown;
	for (const layer of layersOf(schema)) {
		const meta = layer.meta();
		if (description === '' && meta?.description !== undefined) description = meta.description;
		if (meta?.secret === true) secret = true;
		if (meta?.development === true) development = true;
		if (typeof meta?.example === 'string') example ??= meta.example;
		if (typeof meta?.make === 'string') make ??= meta.make;
		const def = layer.def as SchemaDef;
		if (fallback === undefined && (def.type === 'default' || def.type === 'prefault'))
			fallback = def.defaultValue;
	}
	const required = !schema.safeParse(undefined).success;
	const takes = whatItTakes(schema);
	return { name, description, default: fallback, required, secret, example, make, development, takes };
}

/** Read off the JSON Schema of what comes out: of what goes in, a number from a text says nothing. */
function whatItTakes(schema: z.ZodType): string {
	const described = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' });
	const { type, enum: values, minimum, maximum, format } = JsonSchema.parse(described);
	if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
	if (type === 'boolean') return '`true`, `false`';
	if (type === 'integer' || type === 'number') {
		const kind = type === 'integer' ? 'whole number' : 'number';
		const bounded = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
		return !bounded ? kind : `${kind}, ${minimum} to ${maximum}`;
	}
	return format === 'uri' ? 'URL' : 'text';
}

const JsonSchema = z.object({
	type: z.string().optional(),
	enum: z.array(z.unknown()).optional(),
	minimum: z.number().optional(),
	maximum: z.number().optional(),
	format: z.string().optional(),
});

/** The schema itself, then what it wraps (default, optional, pipe …), from the outside in. */
function* layersOf(schema: z.ZodType): Generator<z.ZodType> {
	for (let layer: z.ZodType | undefined = schema; layer !== undefined; ) {
		yield layer;
		const def: SchemaDef = layer.def as SchemaDef;
		layer = def.innerType ?? def.in;
	}
}

type SchemaDef = { type: string; innerType?: z.ZodType; in?: z.ZodType; defaultValue?: unknown };
