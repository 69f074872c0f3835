import { type Entry, entries } from '../contract.ts';
import type { Operation } from '../operation.ts';

/** A route of `/api`: every granted operation is a POST with its input as the JSON body. */
export type Route = { path: string; entry: Entry & { operation: Operation } };

export const routes: readonly Route[] = entries.flatMap((entry) => {
	const { operation } = entry;
	if (operation.kind !== 'granted') return [];
	return [{ path: `/api/${kebab(entry.domain)}/${kebab(entry.verb)}`, entry: { ...entry, operation } }];
});

function kebab(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
