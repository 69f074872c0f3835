/**
 * A stanza: one node of WhatsApp's binary XML. Attributes are always text; content is either children or raw bytes.
 * Everything the emulator sends is built with `node()`, so an attribute that is not text cannot leave the process.
 */
export type Stanza = {
	readonly tag: string;
	readonly attrs: Readonly<Record<string, string>>;
	readonly content?: readonly Stanza[] | Uint8Array;
};

/** A client sent something that is not well formed. The connection it came on is closed, and no other. */
export class MalformedStanza extends Error {}

type Attributes = Record<string, string | undefined>;

/** Builds a node; attributes that are `undefined` are left out. */
export function node(tag: string, attrs: Attributes = {}, content?: readonly Stanza[] | Uint8Array): Stanza {
	const kept: Record<string, string> = {};
	for (const name of Object.keys(attrs)) {
		const value = attrs[name];
		if (value === undefined) continue;
		if (typeof value !== 'string') throw new TypeError(`Attribute ${name} of <${tag}> is not text.`);
		kept[name] = value;
	}
	return content === undefined ? { tag, attrs: kept } : { tag, attrs: kept, content };
}

/** The same node with more attributes. */
export function withAttrs(stanza: Stanza, attrs: Attributes): Stanza {
	return node(stanza.tag, { ...stanza.attrs, ...attrs }, stanza.content);
}

export function children(stanza: Stanza | undefined, tag?: string): Stanza[] {
	if (!stanza || !Array.isArray(stanza.content)) return [];
	const all: readonly Stanza[] = stanza.content;
	return tag === undefined ? [...all] : all.filter((child) => child.tag === tag);
}

export function child(stanza: Stanza | undefined, tag: string): Stanza | undefined {
	return children(stanza, tag)[0];
}

export function firstChild(stanza: Stanza): Stanza | undefined {
	return children(stanza)[0];
}

/** The raw bytes of a node, of exactly `length` bytes when that is given. */
export function bytes(stanza: Stanza | undefined, length?: number): Buffer {
	const content = stanza?.content;
	if (!(content instanceof Uint8Array)) {
		throw new MalformedStanza(`<${stanza?.tag ?? 'missing'}> has no bytes.`);
	}
	if (length !== undefined && content.length !== length) {
		throw new MalformedStanza(`<${stanza?.tag}> has ${content.length} bytes, not ${length}.`);
	}
	return Buffer.from(content);
}

export function text(stanza: Stanza | undefined): string {
	return bytes(stanza).toString('utf8');
}

/** A big-endian number of one to four bytes. */
export function uint(stanza: Stanza | undefined): number {
	const content = bytes(stanza);
	if (content.length < 1 || content.length > 4) throw new MalformedStanza(`<${stanza?.tag}> is no number.`);
	return content.readUIntBE(0, content.length);
}

export function attr(stanza: Stanza | undefined, name: string): string {
	const value = stanza?.attrs[name];
	if (value === undefined || value === '') {
		throw new MalformedStanza(`<${stanza?.tag ?? 'missing'}> has no attribute ${name}.`);
	}
	return value;
}
