import { z } from 'zod';

/**
 * What two versions of the contract must hold so that processes of both work side by side, in every direction: a request of an
 * old caller is understood by a new service; an answer or an event of either is understood by the other. A new field of a
 * request needs nothing: an old service says that it is to be tried again in a moment.
 */
export function breakingChanges(before: unknown, after: unknown): string[] {
	const [older, newer] = [Lock.parse(before), Lock.parse(after)];
	const faults: string[] = [];
	for (const [id, was] of Object.entries(older.operations)) {
		const is = newer.operations[id];
		if (is === undefined) {
			faults.push(`${id} is gone`);
			continue;
		}
		for (const fact of ['kind', 'scope', 'tool', 'idempotent'] as const)
			if (was[fact] !== is[fact]) faults.push(`${id}: ${fact} was ${was[fact]} and is ${is[fact]}`);
		const known = new Set(Object.values(older.operations).flatMap(({ errors }) => errors));
		for (const code of is.errors)
			if (!known.has(code)) faults.push(`${id}: the error ${code} is not known to an old caller`);
		faults.push(
			...unreadable(was.input, is.input, true).map((fault) => `${id}, request of an old caller: ${fault}`),
			...missing(is.input, was.input).map((fault) => `${id}, request of a new caller: ${fault}`),
			...bothWays(was.output, is.output).map((fault) => `${id}, answer ${fault}`),
		);
	}
	for (const [type, was] of Object.entries(older.events)) {
		const is = newer.events[type];
		if (is === undefined) faults.push(`${type} is gone`);
		else faults.push(...bothWays(was, is).map((fault) => `${type}, event ${fault}`));
	}
	return faults;
}

function bothWays(was: Schema, is: Schema): string[] {
	return [
		...unreadable(is, was).map((fault) => `to an old reader: ${fault}`),
		...unreadable(was, is).map((fault) => `to a new reader: ${fault}`),
	];
}

/** Where something that fits what the writer says would not fit what the reader wants. `strict`: unknown fields are refused. */
function unreadable(writer: Schema, reader: Schema, strict = false, at = ''): string[] {
	const [writes, reads] = [branches(writer), branches(reader)];
	if (writes.length > 1 || reads.length > 1)
		return writes.flatMap((one) => {
			const tries = reads.map((other) => unreadable(one, other, strict, at));
			return tries.some((faults) => faults.length === 0) ? [] : (shortest(tries) ?? []);
		});
	const place = at === '' ? 'the whole' : at;
	if (reader.type !== undefined && reader.type !== writer.type && !isWider(writer.type, reader.type))
		return [`${place} is ${writer.type} where ${reader.type} is wanted`];
	return [
		...valuesOf(writer, reader, place),
		...limitsOf(writer, reader, place),
		...fieldsOf(writer, reader, strict, at),
		...(writer.items !== undefined && reader.items !== undefined
			? unreadable(writer.items, reader.items, strict, `${at}[]`)
			: []),
	];
}

function valuesOf(writer: Schema, reader: Schema, place: string): string[] {
	const wanted = literals(reader);
	if (wanted === undefined) return [];
	const given = literals(writer);
	if (given === undefined) return [`${place} may be anything where one of ${wanted.join(', ')} is wanted`];
	const strange = given.filter((value) => !wanted.includes(value));
	return strange.length === 0 ? [] : [`${place} may be ${strange.join(', ')}`];
}

function limitsOf(writer: Schema, reader: Schema, place: string): string[] {
	const faults: string[] = [];
	for (const limit of ['minLength', 'minimum', 'exclusiveMinimum', 'minItems'] as const)
		if ((reader[limit] ?? -Infinity) > (writer[limit] ?? -Infinity))
			faults.push(`${place} may be below ${limit}`);
	for (const limit of ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems'] as const)
		if ((reader[limit] ?? Infinity) < (writer[limit] ?? Infinity))
			faults.push(`${place} may be above ${limit}`);
	for (const form of ['pattern', 'format'] as const)
		if (reader[form] !== undefined && reader[form] !== writer[form])
			faults.push(`${place} has another ${form}`);
	return faults;
}

function fieldsOf(writer: Schema, reader: Schema, strict: boolean, at: string): string[] {
	const name = (field: string) => (at === '' ? field : `${at}.${field}`);
	const [given = {}, wanted = {}] = [writer.properties, reader.properties];
	const faults = missing(writer, reader).map((fault) => (at === '' ? fault : `${at}.${fault}`));
	for (const [field, schema] of Object.entries(given)) {
		const other = wanted[field];
		if (other !== undefined) faults.push(...unreadable(schema, other, strict, name(field)));
		else if (strict && reader.additionalProperties === false) faults.push(`${name(field)} is not known`);
	}
	return faults;
}

function missing(writer: Schema, reader: Schema): string[] {
	return (reader.required ?? [])
		.filter((field) => !(writer.required ?? []).includes(field))
		.map((field) => `${field} may be missing`);
}

function branches(schema: Schema): Schema[] {
	return schema.anyOf ?? schema.oneOf ?? [schema];
}

function literals({ const: only, enum: several }: Schema): unknown[] | undefined {
	return only === undefined ? several : [only];
}

function isWider(writer: string | undefined, reader: string): boolean {
	return writer === 'integer' && reader === 'number';
}

function shortest<T>(lists: readonly T[][]): T[] | undefined {
	return [...lists].sort((one, other) => one.length - other.length)[0];
}

const Count = z.number().optional();
const Schema = z.looseObject({
	type: z.string().optional(),
	const: z.unknown().optional(),
	enum: z.array(z.unknown()).optional(),
	required: z.array(z.string()).optional(),
	pattern: z.string().optional(),
	format: z.string().optional(),
	minLength: Count,
	maxLength: Count,
	minimum: Count,
	maximum: Count,
	exclusiveMinimum: Count,
	exclusiveMaximum: Count,
	minItems: Count,
	maxItems: Count,
	additionalProperties: z.unknown().optional(),
	get properties() {
		return z.record(z.string(), Schema).optional();
	},
	get items() {
		return Schema.optional();
	},
	get anyOf() {
		return z.array(Schema).optional();
	},
	get oneOf() {
		return z.array(Schema).optional();
	},
});
type Schema = z.infer<typeof Schema>;

const Lock = z.object({
	operations: z.record(
		z.string(),
		z.object({
			kind: z.string(),
			scope: z.string().optional(),
			tool: z.string().nullable(),
			idempotent: z.boolean(),
			errors: z.array(z.string()),
			input: Schema,
			output: Schema,
		}),
	),
	events: z.record(z.string(), Schema),
});
