import type { Clock, Logger } from '@chat-manager/service';
import { pruneAuditLines } from '../database/audit-entries.ts';
import type { IdentityDatabase } from '../database/identity-database.ts';

const everyMs = 3_600_000;
const dayMs = 86_400_000;

/** Forgets what is older than the days that the operator set, from a minute after the start and every hour. */
export function startAuditPruning(options: {
	database: IdentityDatabase;
	clock: Clock;
	logger: Logger;
	days: number;
}): Disposable {
	const { database, clock, logger, days } = options;
	let timer = clock.setTimeout(run, 60_000);

	function run(): void {
		timer = clock.setTimeout(run, everyMs);
		prune().catch((error: unknown) => logger.warn({ err: error }, 'the audit log could not be pruned'));
	}

	async function prune(): Promise<void> {
		const before = new Date(clock.now() - days * dayMs);
		while ((await pruneAuditLines(database, before)) > 0);
	}

	return { [Symbol.dispose]: () => clock.clearTimeout(timer) };
}
