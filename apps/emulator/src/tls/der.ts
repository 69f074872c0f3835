/** As much of ASN.1's DER encoding as a certificate takes. */
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;

export function sequence(...parts: readonly Buffer[]): Buffer {
	return tagged(SEQUENCE, ...parts);
}

export function set(...parts: readonly Buffer[]): Buffer {
	return tagged(SET, ...parts);
}

/** A positive number, from its big-endian bytes. */
export function integer(bytes: Buffer): Buffer {
	const negative = (bytes[0] ?? 0) >= 0x80;
	return tagged(INTEGER, ...(negative ? [Buffer.from([0])] : []), bytes);
}

export function bitString(bytes: Buffer): Buffer {
	return tagged(BIT_STRING, Buffer.from([0]), bytes);
}

export function octetString(bytes: Buffer): Buffer {
	return tagged(OCTET_STRING, bytes);
}

export function utf8String(text: string): Buffer {
	return tagged(UTF8_STRING, Buffer.from(text));
}

export function objectIdentifier(dotted: string): Buffer {
	const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
	return tagged(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

export function generalizedTime(date: Date): Buffer {
	const text = `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
	return tagged(GENERALIZED_TIME, Buffer.from(text));
}

export function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content]);
}

function lengthOf({ length }: Buffer): number[] {
	if (length < 0x80) return [length];
	if (length < 0x100) return [0x81, length];
	return [0x82, length >> 8, length & 0xff];
}

function base128(value: number): number[] {
	const digits = [value & 0x7f];
	for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
	return digits;
}
