const maxCauses = 8;
const maxErrors = 4;

/**
 * An error as it is logged: class, code, sentence, stack and the chain of its causes. Other fields stay behind, for foreign
 * errors carry data in them (Postgres: `detail` quotes the row).
 */
export function describeError(thrown: unknown, depth = 0): Record<string, unknown> {
	if (!(thrown instanceof Error)) return { message: describeThrown(thrown) };
	const { code } = thrown as { code?: unknown };
	const nested = thrown instanceof AggregateError ? thrown.errors.slice(0, maxErrors) : [];
	return {
		type: thrown.name,
		...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
		message: thrown.message,
		stack: thrown.stack,
		...(nested.length > 0 && depth < maxCauses
			? { errors: nested.map((error) => describeError(error, depth + 1)) }
			: {}),
		...(thrown.cause !== undefined && depth < maxCauses
			? { cause: describeError(thrown.cause, depth + 1) }
			: {}),
	};
}

/** Something else than an Error was thrown; of objects only the kind is told, their content may be anything. */
function describeThrown(thrown: unknown): string {
	return typeof thrown === 'object' && thrown !== null
		? `a thrown ${thrown.constructor?.name ?? 'object'}`
		: String(thrown);
}
