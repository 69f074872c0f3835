import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What fades in is pale until it is there; what turns for ever is not waited for. */
export const atRest = `Promise.allSettled(document.getAnimations()
	.filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
	.map(({ finished }) => finished))`;

/** What axe finds wrong with the page as it is shown now: nothing. */
export async function expectAccessible(page: Page): Promise<void> {
	// Evaluated by the debugger, which the page's policy does not hold up.
	if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(axe.source);
	await page.evaluate(`${atRest}.then(() => undefined)`);
	const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
	expect(
		violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`),
	).toEqual([]);
}
