/** As much of JSON Schema as the description of the admin API uses. */
export type Schema = {
	readonly type?: string;
	readonly const?: unknown;
	readonly enum?: readonly unknown[];
	readonly anyOf?: readonly Schema[];
	readonly oneOf?: readonly Schema[];
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly items?: Schema;
	readonly minItems?: number;
	readonly minimum?: number;
	readonly pattern?: string;
	readonly example?: unknown;
};

/** Texts, one of which fits each pattern that occurs. */
const TEXTS = [
	'15550001111',
	'120363000000000001@g.us',
	'15550001111:1@s.whatsapp.net',
	'ABCD-1234',
	'15550001111@s.whatsapp.net',
	'QUJD',
	'x',
];

/** Something that fits the schema; with everything that may be left out only when it is asked for. */
export function exampleOf(schema: Schema, everything = false): unknown {
	if (schema.example !== undefined) return schema.example;
	if ('const' in schema) return schema.const;
	if (schema.enum) return schema.enum[0];
	const [variant] = schema.anyOf ?? schema.oneOf ?? [];
	if (variant) return exampleOf(variant, everything);
	switch (schema.type) {
		case 'object':
			return Object.fromEntries(
				Object.entries(schema.properties ?? {})
					.filter(([name]) => everything || schema.required?.includes(name))
					.map(([name, property]) => [name, exampleOf(property, everything)]),
			);
		case 'array':
			return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}, everything));
		case 'string': {
			const found = TEXTS.find((text) => new RegExp(schema.pattern ?? '').test(text));
			if (found === undefined) throw new Error(`No text for ${schema.pattern}`);
			return found;
		}
		case 'boolean':
			return true;
		case 'integer':
		case 'number':
			return schema.minimum ?? 1;
		default:
			return null;
	}
}

/** Values of every other type than the schema allows. */
export function wrongFor(schema: Schema): unknown[] {
	const allowed = new Set(typesOf(schema));
	const values = { string: 'text', number: 1.5, boolean: true, array: [[]], object: { a: 1 }, null: null };
	return Object.entries(values)
		.filter(([type]) => !allowed.has(type))
		.map(([, value]) => value);
}

function typesOf(schema: Schema): string[] {
	const variants = schema.anyOf ?? schema.oneOf;
	if (variants) return variants.flatMap(typesOf);
	if ('const' in schema) return [schema.const === null ? 'null' : typeof schema.const];
	if (schema.enum) return schema.enum.map((value) => typeof value);
	return schema.type === 'integer' ? ['number'] : [schema.type ?? 'anything'];
}
