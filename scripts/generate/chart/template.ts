/**
 * One source for the chart and for plain manifests. A manifest is a typed object; where a value of the chart stands in it, it asks a
 * `Render`. Rendered here, it gets the value. Written as a template it gets a placeholder, which `helm-yaml.ts` writes as Helm's
 * expression. Conditions and whole subtrees go the same way, so the two cannot differ in anything but the evaluation.
 */
import { createHash } from 'node:crypto';
import { values as defaults, type Values } from './values.ts';

type Pick<T> = (values: Values) => T;

export type Render = {
	/** A value as it is. */
	value<T>(pick: Pick<T>): T;
	/** A text with values in it, or with texts that are known already. */
	text(parts: TemplateStringsArray, ...picks: (Pick<string | number> | typeof release | string)[]): string;
	/** A number and something on top. */
	sum(pick: Pick<number>, more: number): number;
	/** Only where the value is true, or is not empty. */
	when<T>(pick: Pick<unknown>, node: T): T | undefined;
	unless<T>(pick: Pick<unknown>, node: T): T | undefined;
	/** A whole object or list of the values; left out where it is empty. */
	subtree<T>(pick: Pick<T>): T | undefined;
	/** Names and texts, as a ConfigMap takes them. */
	texts(pick: Pick<Readonly<Record<string, unknown>>>): Record<string, string>;
	/** Changes with the value: in an annotation it makes new pods. */
	checksum(pick: Pick<unknown>): string;
};

/** The name that the installation is given; it stands in front of the names of all that belongs to it. */
export const release: unique symbol = Symbol('release');

export class Expression {
	readonly code: string;
	constructor(code: string) {
		this.code = code;
	}
}

export class Block {
	readonly kind: 'if' | 'if not' | 'with' | 'range';
	readonly path: string;
	readonly node: unknown;
	constructor(kind: Block['kind'], path: string, node: unknown) {
		this.kind = kind;
		this.path = path;
		this.node = node;
	}
}

/** With the values in place. */
export function rendered(values: Values, name: string): Render {
	const isEmpty = (value: unknown) =>
		!value || (typeof value === 'object' && Object.keys(value).length === 0);
	return {
		value: (pick) => pick(values),
		text: (parts, ...picks) =>
			String.raw(
				{ raw: parts },
				...picks.map((pick) => (pick === release ? name : typeof pick === 'string' ? pick : pick(values))),
			),
		sum: (pick, more) => pick(values) + more,
		when: (pick, node) => (isEmpty(pick(values)) ? undefined : node),
		unless: (pick, node) => (isEmpty(pick(values)) ? node : undefined),
		subtree: (pick) => (isEmpty(pick(values)) ? undefined : pick(values)),
		texts: (pick) =>
			Object.fromEntries(Object.entries(pick(values)).map(([key, value]) => [key, String(value)])),
		checksum: (pick) =>
			createHash('sha256')
				.update(sortedJson(pick(values)))
				.digest('hex'),
	};
}

/** With Helm's expressions in their place. The casts are here and nowhere else: a placeholder stands where its value will. */
export function templated(): Render {
	const placeholder = <T>(code: string): T => new Expression(code) as T;
	const block = <T>(kind: Block['kind'], path: string, node: unknown): T => new Block(kind, path, node) as T;
	return {
		value: <T>(pick: Pick<T>) => {
			const isText = typeof pick(defaults) === 'string';
			return placeholder<T>(`{{ ${pathOf(pick)}${isText ? ' | quote' : ''} }}`);
		},
		text: (parts, ...picks) => {
			const codes = picks.map((pick) =>
				typeof pick === 'string' ? pick : `{{ ${pick === release ? '.Release.Name' : pathOf(pick)} }}`,
			);
			return placeholder(JSON.stringify(String.raw({ raw: parts }, ...codes)));
		},
		sum: (pick, more) => placeholder(`{{ add ${pathOf(pick)} ${more} }}`),
		when: (pick, node) => block('if', pathOf(pick), node),
		unless: (pick, node) => block('if not', pathOf(pick), node),
		subtree: (pick) => block('with', pathOf(pick), undefined),
		texts: (pick) => block('range', pathOf(pick), undefined),
		checksum: (pick) => placeholder(`{{ toJson ${pathOf(pick)} | sha256sum | quote }}`),
	};
}

/** `(v) => v.gateway.replicas` → `.Values.gateway.replicas`. */
function pathOf(pick: Pick<unknown>): string {
	const names: string[] = [];
	const recorder: unknown = new Proxy(
		{},
		{
			get(_target, name) {
				names.push(String(name));
				return recorder;
			},
		},
	);
	pick(recorder as Values);
	return ['.Values', ...names].join('.');
}

/** As Go writes it: keys in their order. */
function sortedJson(value: unknown): string {
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${sortedJson(each)}`).join(',')}}`;
}
