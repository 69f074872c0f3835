import type { Clock, Logger } from '@chat-manager/service';
import { pruneAuditLines } from './database/audit-entries.ts';
import type { IdentityDatabase } from './database/identity-database.ts';
import { pruneInvitations } from './database/invitations.ts';

const everyMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Forgets lines of the audit log that are older than the operator wants, and invitations whose time is over: a minute after the
 * start, and every hour.
 */
export function startPruning(options: {
	database: IdentityDatabase;
	clock: Clock;
	logger: Logger;
	auditDays: number;
}): Disposable {
	const { database, clock, logger, auditDays } = options;
	let timer = clock.setTimeout(run, 60_000);

	function run(): void {
		timer = clock.setTimeout(run, everyMs);
		prune().catch((error: unknown) =>
			logger.warn({ err: error }, 'what is past its time could not be forgotten'),
		);
	}

	async function prune(): Promise<void> {
		await pruneInvitations(database, new Date(clock.now()));
		const before = new Date(clock.now() - auditDays * dayMs);
		while ((await pruneAuditLines(database, before)) > 0);
	}

	return { [Symbol.dispose]: () => clock.clearTimeout(timer) };
}
