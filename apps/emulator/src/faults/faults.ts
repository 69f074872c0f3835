import { firstChild, type Stanza } from '../binary/node.ts';
import { type ActiveFault, type Fault, type FaultInput, faultSchema, type StanzaFault } from './fault.ts';
import { createGate, type Gate } from './gate.ts';

/**
 * All faults that have been asked for. The server's parts ask here whether something shall go wrong, and hear it at most
 * once for each time that it shall. The newest fault that fits goes first. Spent faults stay listed until they are removed.
 */
export type Faults = {
	readonly gate: Gate;
	add(fault: FaultInput): ActiveFault;
	list(): ActiveFault[];
	remove(id: string): boolean;
	clear(): void;
	/** What shall happen to this stanza. */
	take(direction: Direction, who: Who, stanza: Stanza): StanzaFault | undefined;
	/** The reason for which this client shall be turned away. */
	takeLogin(who: Who): { code: number; expireSeconds?: number | undefined } | undefined;
	/** Whether a device that is about to be linked shall be asked for a passkey. */
	takePasskey(who: Who): boolean;
	/** Whether this client has no network. */
	takeOffline(who: Who): boolean;
	clockOffsetMs(): number;
	close(): void;
};

export type Direction = 'received' | 'sent';
/** The other end of a connection; empty for a client that is not linked yet. */
export type Who = { readonly phone?: string; readonly device?: string };

export type FaultsOptions = {
	/** For the faults that happen at once. */
	now(fault: Fault): void;
	changed(): void;
};

const SENT_ONLY = new Set<Fault['kind']>(['duplicate', 'reorder', 'lose']);

export function createFaults({ now, changed }: FaultsOptions): Faults {
	const entries = new Map<string, Entry>();
	const gate = createGate();
	let sequence = 0;

	function end(entry: Entry): void {
		entry.spent = true;
		clearTimeout(entry.timer);
		if (entry.fault.kind === 'freeze') gate.open();
		changed();
	}
	function hit(entry: Entry): void {
		entry.hits++;
		if (entry.hits >= limitOf(entry.fault)) end(entry);
		else changed();
	}
	function newest(fits: (fault: Fault) => boolean): Entry | undefined {
		return [...entries.values()].findLast((entry) => !entry.spent && fits(entry.fault) && !skips(entry));
	}
	return {
		gate,
		add(input) {
			const fault = faultSchema.parse(input);
			const entry: Entry = { id: `fault-${++sequence}`, fault, hits: 0, skipped: 0, spent: false };
			entries.set(entry.id, entry);
			if ('forMs' in fault && fault.forMs !== undefined) {
				entry.timer = setTimeout(() => end(entry), fault.forMs);
				entry.timer.unref();
			}
			if (fault.kind === 'freeze') {
				entry.hits = 1;
				gate.shut();
			} else if (isImmediate(fault)) {
				entry.hits = 1;
				end(entry);
				now(fault);
			} else if (fault.kind === 'offline') now(fault);
			changed();
			return describe(entry);
		},
		list: () => [...entries.values()].map(describe),
		remove(id) {
			const entry = entries.get(id);
			if (!entry) return false;
			if (!entry.spent) end(entry);
			return entries.delete(id);
		},
		clear() {
			for (const entry of entries.values()) if (!entry.spent) end(entry);
			entries.clear();
		},
		take(direction, who, stanza) {
			if (entries.size === 0) return undefined;
			const entry = newest((fault) => fitsStanza(fault, direction, who, stanza));
			if (!entry || !('match' in entry.fault)) return undefined;
			hit(entry);
			return entry.fault;
		},
		takeLogin(who) {
			const entry = newest((fault) => fault.kind === 'login-failure' && isMeant(fault, who));
			if (entry?.fault.kind !== 'login-failure') return undefined;
			hit(entry);
			return entry.fault;
		},
		takePasskey(who) {
			const entry = newest((fault) => fault.kind === 'passkey' && isMeant(fault, who));
			if (entry) hit(entry);
			return entry !== undefined;
		},
		takeOffline(who) {
			const entry = newest((fault) => fault.kind === 'offline' && isMeant(fault, who));
			if (entry) hit(entry);
			return entry !== undefined;
		},
		clockOffsetMs() {
			const live = [...entries.values()].filter(({ spent }) => !spent);
			return live.reduce((sum, { fault }) => sum + (fault.kind === 'clock' ? fault.offsetMs : 0), 0);
		},
		close() {
			for (const entry of entries.values()) clearTimeout(entry.timer);
			gate.open();
		},
	};
}

/** Whether the stanzas of this client are meant. */
export function isMeant(fault: { device?: string | undefined }, who: Who): boolean {
	return fault.device === undefined || fault.device === who.phone || fault.device === who.device;
}

function fitsStanza(fault: Fault, direction: Direction, who: Who, stanza: Stanza): boolean {
	if (!('match' in fault) || !fault.match || !isMeant(fault, who)) return false;
	const wanted = 'direction' in fault ? fault.direction : SENT_ONLY.has(fault.kind) ? 'sent' : 'received';
	if (wanted !== direction) return false;
	const found: Record<string, string | undefined> = {
		...stanza.attrs,
		tag: stanza.tag,
		child: firstChild(stanza)?.tag,
	};
	return Object.entries(fault.match).every(([name, value]) => value === undefined || found[name] === value);
}

function isImmediate(fault: Fault): boolean {
	if (fault.kind === 'restart') return true;
	return (fault.kind === 'drop' || fault.kind === 'stream-error') && fault.match === undefined;
}

function limitOf(fault: Fault): number {
	if (fault.kind === 'offline') return Number.POSITIVE_INFINITY;
	if ('count' in fault && fault.count !== undefined) return fault.count;
	return 'forMs' in fault && fault.forMs !== undefined ? Number.POSITIVE_INFINITY : 1;
}

function skips(entry: Entry): boolean {
	const { fault } = entry;
	if (!('skip' in fault) || entry.skipped >= (fault.skip ?? 0)) return false;
	entry.skipped++;
	return true;
}

function describe({ id, fault, hits, spent }: Entry): ActiveFault {
	return { id, fault, hits, spent };
}

type Entry = {
	readonly id: string;
	readonly fault: Fault;
	hits: number;
	skipped: number;
	spent: boolean;
	timer?: NodeJS.Timeout;
};
