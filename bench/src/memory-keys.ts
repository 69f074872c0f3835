import type { SignalDataSet, SignalDataTypeMap } from '@whiskeysockets/baileys';

/** A key store as in Baileys' own examples: everything in memory. */
export function createMemoryKeys(initial: Record<string, Record<string, unknown>> = {}) {
	const store = new Map<string, unknown>();
	for (const [type, values] of Object.entries(initial)) {
		for (const [id, value] of Object.entries(values)) store.set(`${type} ${id}`, value);
	}
	return {
		get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
			const found: Record<string, SignalDataTypeMap[T]> = {};
			for (const id of ids) {
				const value = store.get(`${type} ${id}`);
				if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
			}
			return found;
		},
		set(data: SignalDataSet) {
			for (const [type, values] of Object.entries(data)) {
				for (const [id, value] of Object.entries(values)) {
					if (value === null) store.delete(`${type} ${id}`);
					else store.set(`${type} ${id}`, value);
				}
			}
		},
	};
}
