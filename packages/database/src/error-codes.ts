/** SQLSTATE codes that we act on: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const postgresCode = {
	uniqueViolation: '23505',
	invalidPassword: '28P01',
	adminShutdown: '57P01',
	crashShutdown: '57P02',
	cannotConnectNow: '57P03',
	tooManyConnections: '53300',
	lockNotAvailable: '55P03',
	deadlock: '40P01',
} as const;

/** Class 08, connection exceptions, counts as a whole. */
const connectionClass = /^08/;

const connectionCodes: ReadonlySet<string> = new Set([
	postgresCode.adminShutdown,
	postgresCode.crashShutdown,
	postgresCode.cannotConnectNow,
	postgresCode.tooManyConnections,
	// The system's own: nobody listens, the name is not known yet, the other side is gone.
	'ECONNREFUSED',
	'ECONNRESET',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EPIPE',
	'ETIMEDOUT',
]);

/** What pg throws without any code when a connection ends under a query or does not come about in time. */
const connectionMessages =
	/^Connection terminated|^timeout exceeded when trying to connect$|^timeout expired$|not queryable$|^Client was closed|socket disconnected/;

/** A row with this unique key is there already. `constraint` narrows it to one key. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
	if (!(error instanceof Error) || codeOf(error) !== postgresCode.uniqueViolation) return false;
	return constraint === undefined || (error as { constraint?: unknown }).constraint === constraint;
}

/** Postgres is not there, not yet or not any more: the same call can succeed later, but what was in flight may have happened. */
export function isConnectionError(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const code = codeOf(error);
	if (code === undefined) return connectionMessages.test(error.message);
	return connectionCodes.has(code) || connectionClass.test(code);
}

function codeOf(error: Error): string | undefined {
	const { code } = error as { code?: unknown };
	return typeof code === 'string' ? code : undefined;
}
