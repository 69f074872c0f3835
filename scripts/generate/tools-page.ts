import { commonErrors, type JsonSchema, type Tool, tools } from '@chat-manager/contracts';

/** The reference of every tool, made from the contract. */
export function toolsPage(): string {
	const rows = tools.map(
		({ name, scope, definition }) =>
			`| [\`${name}\`](#${name}) | ${definition.title} | \`${scope}\` | ${kindOf(definition.annotations)} |`,
	);
	return `<!-- Made from the contract by npm run generate. -->

# Tools

${tools.length} tools, at \`POST /mcp\`. A token sees those that its scopes allow. Every answer has its values as
\`structuredContent\`, by the schema that \`tools/list\` gives, and the same as short text; what members of groups wrote stands in
there inside a boundary that marks it as untrusted. A failure is a result with \`isError\`: it says what failed, why, and which tool
to call next; its code stands in \`_meta["chat-manager/error"]\`. Any tool may give ${commonErrors.map(codeLink).join(', ')} and
${codeLink('rate_limited')}.

| tool | | scope | |
| --- | --- | --- | --- |
${rows.join('\n')}
${tools.map(section).join('')}`;
}

function section({ name, entry, definition, scope }: Tool): string {
	const { errors, example } = entry.operation;
	const fields = propertiesOf(definition.inputSchema).map(row);
	const input =
		fields.length === 0 ? 'Takes nothing.' : `| argument | | |\n| --- | --- | --- |\n${fields.join('\n')}`;
	const failures = errors.length === 0 ? '' : `\nMay also give ${errors.map(codeLink).join(', ')}.\n`;
	return `
## ${name}

**${definition.title}** (\`${scope}\`, ${kindOf(definition.annotations)}). ${definition.description}

${input}
${failures}
\`\`\`json
${JSON.stringify({ arguments: example.input, structuredContent: example.output }, null, 2)}
\`\`\`
`;
}

function kindOf({
	readOnlyHint,
	destructiveHint,
	idempotentHint,
}: Tool['definition']['annotations']): string {
	if (readOnlyHint) return 'reads';
	return [destructiveHint ? 'destructive' : 'changes', ...(idempotentHint ? ['repeatable'] : [])].join(', ');
}

type Property = { name: string; schema: JsonSchema; isRequired: boolean };

function propertiesOf({ properties = {}, required = [] }: JsonSchema): Property[] {
	const names = Array.isArray(required) ? required : [];
	return Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => ({
		name,
		schema,
		isRequired: names.includes(name),
	}));
}

function row({ name, schema, isRequired }: Property): string {
	const { description, default: fallback } = schema;
	const said = [
		typeof description === 'string' ? description.replace(/[^.]$/, '$&.') : '',
		limitsOf(schema),
		fallback === undefined || isLong(fallback) ? '' : `Without it \`${JSON.stringify(fallback)}\`.`,
	];
	return `| \`${name}\` | ${typeOf(schema)}${isRequired ? ', required' : ''} | ${said.filter(Boolean).join(' ')} |`;
}

/** A default that is everything there is: its description says so. */
function isLong(value: unknown): boolean {
	return Array.isArray(value) && value.length > 3;
}

function typeOf({ type, items, anyOf, enum: values }: JsonSchema): string {
	if (Array.isArray(values)) return values.map((value) => `\`${value}\``).join(', ');
	if (Array.isArray(anyOf)) return [...new Set(anyOf.map((one) => typeOf(one as JsonSchema)))].join(' or ');
	if (type === 'array') return `list of ${typeOf((items ?? {}) as JsonSchema)}`;
	return String(type ?? 'anything');
}

function limitsOf({ maxLength, minimum, maximum, maxItems }: JsonSchema): string {
	const limits = [
		...(typeof maxLength === 'number' ? [`up to ${maxLength} characters`] : []),
		...(typeof minimum === 'number' && typeof maximum === 'number' ? [`${minimum} to ${maximum}`] : []),
		...(typeof maxItems === 'number' ? [`up to ${maxItems}`] : []),
	];
	return limits.length === 0 ? '' : `(${limits.join(', ')})`;
}

const codeLink = (code: string) => `[\`${code}\`](errors.md#${code})`;
