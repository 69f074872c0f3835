import { vi } from 'vitest';

/** Waits until a condition holds: the function gives something and does not throw. */
export function until<T>(condition: () => T | Promise<T>): Promise<T> {
	return vi.waitFor(condition, { timeout: 30_000, interval: 20 });
}
