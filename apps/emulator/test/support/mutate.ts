import type { Stanza } from '../../src/binary/node.ts';
import type { Random } from './random.ts';

/** Values that have broken parsers before. */
const VALUES = [
	'',
	'0',
	'-1',
	'1e999',
	'NaN',
	'99999999999999999999',
	'@g.us',
	'@s.whatsapp.net',
	'@lid',
	'120363000000000001@g.us',
	'15550000001@s.whatsapp.net',
	'15550000001:256@s.whatsapp.net',
	'1:2:3@lid',
	'__proto__',
	'constructor',
	'toString',
	'\u0000',
	'\ud800',
	'💥'.repeat(50),
	'x'.repeat(70_000),
];

/** Changes a stanza in one to three places: it stays a stanza, though not one that a client would send. */
export function mutateStanza(stanza: Stanza, random: Random): Stanza {
	let mutated = stanza;
	for (let count = 1 + random.number(3); count > 0; count--) mutated = mutateSomewhere(mutated, random);
	return mutated;
}

function mutateSomewhere(stanza: Stanza, random: Random): Stanza {
	const { content } = stanza;
	if (isList(content) && content.length > 0 && !random.once(3)) {
		const index = random.number(content.length);
		return {
			...stanza,
			content: content.map((child, at) => (at === index ? mutateSomewhere(child, random) : child)),
		};
	}
	return random.pick(MUTATIONS)(stanza, random);
}

const MUTATIONS: readonly ((stanza: Stanza, random: Random) => Stanza)[] = [
	(stanza, random) => ({
		...stanza,
		tag: random.pick(['iq', 'message', 'receipt', 'ack', 'xyz', 'enc', '__proto__']),
	}),
	(stanza, random) => withAttr(stanza, random, () => random.pick(VALUES)),
	(stanza, random) => withAttr(stanza, random, () => random.bytes(random.number(40)).toString('latin1')),
	(stanza, random) => {
		const name = attrName(stanza, random);
		return {
			...stanza,
			attrs: Object.fromEntries(Object.entries(stanza.attrs).filter(([key]) => key !== name)),
		};
	},
	(stanza, random) => ({
		...stanza,
		attrs: {
			...stanza.attrs,
			[random.pick(['to', 'from', 'id', 'type', 'xmlns', 'participant', 'recipient'])]: random.pick(VALUES),
		},
	}),
	({ tag, attrs }) => ({ tag, attrs }),
	(stanza) => ({ ...stanza, content: [] }),
	(stanza, random) => ({ ...stanza, content: random.bytes(random.number(100)) }),
	(stanza, random) => ({
		...stanza,
		content: Buffer.alloc(random.pick([1, 31, 33, 65, 65_536, 300_000]), random.number(256)),
	}),
	(stanza) => ({ ...stanza, content: [stanza, stanza] }),
	(stanza, random) => {
		const { content } = stanza;
		if (!isList(content) || content.length === 0) return { ...stanza, content: [stanza] };
		const child = random.pick(content);
		return {
			...stanza,
			content: random.once(2) ? content.filter((one) => one !== child) : [...content, child, child],
		};
	},
	(stanza, random) => ({
		...stanza,
		content: Array.from({ length: random.pick([1, 300, 2000]) }, () => ({ tag: 'x', attrs: {} })),
	}),
	(stanza, random) => {
		// Three of the deepest on top of each other are more than the encoder of the test itself can write.
		if (isDeep(stanza)) return stanza;
		let deep: Stanza = stanza;
		for (let depth = random.pick([5, 500, 3000]); depth > 0; depth--)
			deep = { tag: 'x', attrs: {}, content: [deep] };
		return deep;
	},
	(stanza, random) => {
		const { content } = stanza;
		return content instanceof Uint8Array
			? { ...stanza, content: mutateBytes(Buffer.from(content), random) }
			: stanza;
	},
];

/** Changes bytes: some of them are other ones, missing, doubled or new. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
	const at = random.number(bytes.length + 1);
	const to = at + random.number(16);
	switch (random.number(6)) {
		case 0:
			return bytes.subarray(0, at);
		case 1:
			return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
		case 2:
			return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.number(16)), bytes.subarray(at)]);
		case 3:
			return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
		case 4:
			return random.bytes(random.number(200));
		default: {
			const changed = Buffer.from(bytes);
			for (let count = 1 + random.number(4); count > 0 && changed.length > 0; count--) {
				changed.writeUInt8(random.number(256), random.number(changed.length));
			}
			return changed;
		}
	}
}

/** Whether it was nested before. */
function isDeep(stanza: Stanza): boolean {
	let [inner, depth]: [Stanza | undefined, number] = [stanza, 0];
	for (; inner && depth < DEEP; depth++) inner = isList(inner.content) ? inner.content[0] : undefined;
	return depth === DEEP;
}

const DEEP = 100;

function withAttr(stanza: Stanza, random: Random, value: () => string): Stanza {
	const name = attrName(stanza, random);
	return name === undefined ? stanza : { ...stanza, attrs: { ...stanza.attrs, [name]: value() } };
}

function attrName(stanza: Stanza, random: Random): string | undefined {
	const names = Object.keys(stanza.attrs);
	return names.length === 0 ? undefined : random.pick(names);
}

function isList(content: Stanza['content']): content is readonly Stanza[] {
	return content !== undefined && !(content instanceof Uint8Array);
}
