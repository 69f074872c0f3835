/** Two transactions waited for each other, or saw each other's half: Postgres ended one of them, which has to begin again. */
const clashes: ReadonlySet<unknown> = new Set(['40P01', '40001']);

export function isClash(error: unknown): boolean {
	return error instanceof Error && clashes.has((error as { code?: unknown }).code);
}
