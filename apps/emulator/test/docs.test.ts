import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { faultSchema } from '../src/faults/fault.ts';

it('the table of faults tells of every kind, and of no other', async () => {
	const page = await readFile(new URL('../../../docs/emulator.md', import.meta.url), 'utf8');
	const told = new Set([...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, kind]) => kind));
	expect([...told].sort()).toEqual(faultSchema.options.map(({ shape }) => shape.kind.value).sort());
});
