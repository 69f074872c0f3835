import { Block, Expression } from './template.ts';

/** Writes a manifest as YAML, with the expressions and conditions of Helm where placeholders stand. */
export function helmYaml(node: unknown): string {
	return `${lines(node, 0).join('\n')}\n`;
}

function lines(node: unknown, depth: number): string[] {
	if (node instanceof Block && (node.kind === 'if' || node.kind === 'if not'))
		return wrapped(node, depth, lines(node.node, depth));
	if (Array.isArray(node)) return node.flatMap((item) => listItem(item, depth));
	if (typeof node === 'object' && node !== null && !(node instanceof Expression || node instanceof Block))
		return Object.entries(node).flatMap(([key, value]) => entry(key, value, depth));
	return [indent(depth) + scalar(node)];
}

function entry(key: string, value: unknown, depth: number): string[] {
	const name = `${indent(depth)}${key}:`;
	if (value === undefined) return [];
	if (!(value instanceof Block)) {
		if (isLeaf(value)) return [`${name} ${scalar(value)}`];
		return [name, ...lines(value, depth + 1)];
	}
	switch (value.kind) {
		case 'if':
		case 'if not':
			return wrapped(value, depth, entry(key, value.node, depth));
		case 'with':
			return [
				`${indent(depth)}{{- with ${value.path} }}`,
				name,
				`${indent(depth + 1)}{{- toYaml . | nindent ${2 * (depth + 1)} }}`,
				`${indent(depth)}{{- end }}`,
			];
		case 'range':
			return [
				name,
				`${indent(depth + 1)}{{- range $name, $value := ${value.path} }}`,
				`${indent(depth + 1)}{{ $name }}: {{ $value | quote }}`,
				`${indent(depth + 1)}{{- end }}`,
			];
	}
}

function listItem(item: unknown, depth: number): string[] {
	if (item === undefined) return [];
	if (item instanceof Block) {
		if (item.kind === 'if' || item.kind === 'if not') return wrapped(item, depth, listItem(item.node, depth));
		throw new Error(`A list cannot hold ${item.kind} ${item.path}`);
	}
	if (isLeaf(item)) return [`${indent(depth)}- ${scalar(item)}`];
	const [first, ...rest] = lines(item, depth + 1);
	if (first === undefined) return [`${indent(depth)}- {}`];
	if (first.trimStart().startsWith('{{'))
		throw new Error('The first key of a list item must not be conditional: put another one first.');
	return [`${indent(depth)}- ${first.trimStart()}`, ...rest];
}

function wrapped({ kind, path }: Block, depth: number, inner: string[]): string[] {
	return [
		`${indent(depth)}{{- if ${kind === 'if' ? path : `not ${path}`} }}`,
		...inner,
		`${indent(depth)}{{- end }}`,
	];
}

function isLeaf(value: unknown): boolean {
	return (
		value instanceof Expression ||
		typeof value !== 'object' ||
		value === null ||
		Object.keys(value).length === 0
	);
}

/** JSON is YAML, but for what an expression gives. */
function scalar(value: unknown): string {
	return value instanceof Expression ? value.code : JSON.stringify(value);
}

function indent(depth: number): string {
	return '  '.repeat(depth);
}
