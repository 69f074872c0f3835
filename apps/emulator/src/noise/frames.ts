import { MalformedStanza } from '../binary/node.ts';

const WA_HEADER = Buffer.from([0x57, 0x41, 6, 3]);
const ROUTING_MARK = Buffer.from([0x45, 0x44, 0, 1]);
const LENGTH_BYTES = 3;

/**
 * Cuts a client's bytes into frames. Each frame is a 3-byte big-endian length and that many bytes; WebSocket messages and
 * frames do not line up in either direction.
 *
 * The very first bytes of a client are an introduction: optionally `ED 00 01`, a 3-byte length and the routing
 * information of an earlier connection, then always `WA 06 03` (protocol 6, dictionary 3). Only the latter four bytes
 * take part in the handshake hash.
 */
export function createFrameReader(maxBytes = 2 ** 24 - 1): FrameReader {
	let limit = maxBytes;
	let introduced = false;
	/** What came since the last whole frame; put together only when there is enough of it. */
	let chunks: Buffer[] = [];
	let size = 0;
	let wanted = 0;

	function keep(rest: Buffer, needed: number): void {
		chunks = rest.length > 0 ? [rest] : [];
		size = rest.length;
		wanted = needed;
	}
	return {
		allow(bytes) {
			limit = bytes;
		},
		push(data) {
			chunks.push(data);
			size += data.length;
			if (size < wanted) return [];
			let pending = chunks.length === 1 ? data : Buffer.concat(chunks);
			if (!introduced) {
				const end = introductionEnd(pending);
				if (end === undefined && pending.length > limit)
					throw new MalformedStanza('The introduction is too long.');
				keep(pending, 0);
				if (end === undefined) return [];
				introduced = true;
				pending = pending.subarray(end);
			}
			const frames: Buffer[] = [];
			for (;;) {
				const length = pending.length < LENGTH_BYTES ? 0 : pending.readUIntBE(0, LENGTH_BYTES);
				if (length > limit) throw new MalformedStanza(`A frame of ${length} bytes is too large here.`);
				const end = LENGTH_BYTES + length;
				if (pending.length < end) {
					keep(pending, end);
					return frames;
				}
				frames.push(pending.subarray(LENGTH_BYTES, end));
				pending = pending.subarray(end);
			}
		},
	};
}

export type FrameReader = {
	/** The frames that are complete with this piece. Throws for one that is larger than allowed. */
	push(data: Buffer): Buffer[];
	/** Frames may have this many bytes from now on. */
	allow(maxBytes: number): void;
};

export function frame(payload: Uint8Array): Buffer {
	const out = Buffer.alloc(LENGTH_BYTES + payload.length);
	out.writeUIntBE(payload.length, 0, LENGTH_BYTES);
	out.set(payload, LENGTH_BYTES);
	return out;
}

/** Where the introduction ends, or nothing while it is not complete. */
function introductionEnd(data: Buffer): number | undefined {
	if (!startsLike(data, ROUTING_MARK)) return headerEnd(data, 0);
	const fixed = ROUTING_MARK.length + LENGTH_BYTES;
	if (data.length < fixed) return undefined;
	return headerEnd(data, fixed + data.readUIntBE(ROUTING_MARK.length, LENGTH_BYTES));
}

function headerEnd(data: Buffer, start: number): number | undefined {
	const header = data.subarray(start, start + WA_HEADER.length);
	if (!startsLike(header, WA_HEADER))
		throw new MalformedStanza('The client did not introduce itself as WhatsApp.');
	return header.length === WA_HEADER.length ? start + WA_HEADER.length : undefined;
}

function startsLike(data: Buffer, mark: Buffer): boolean {
	const size = Math.min(data.length, mark.length);
	return data.subarray(0, size).equals(mark.subarray(0, size));
}
