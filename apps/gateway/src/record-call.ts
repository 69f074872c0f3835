import { tools } from '@chat-manager/contracts';
import type { Caller } from './access/caller.ts';
import type { Context } from './context.ts';

const toolNames = new Map(tools.map(({ name, entry }) => [entry.id, name]));

/** One call on its way: its line in the log of the process, and for an access token its lines in the audit log. */
export function recordCall(
	{ audit, clock, logger }: Pick<Context, 'audit' | 'clock' | 'logger'>,
	{ entry, input, caller }: { entry: { id: string }; input: unknown; caller: Caller },
	callId: string,
) {
	const { userId, tokenId } = caller;
	const startedAt = clock.monotonicMs();
	const line =
		tokenId === undefined
			? undefined
			: {
					userId,
					tokenId,
					callId,
					tool: toolNames.get(entry.id) ?? entry.id,
					argumentsDigest: audit.digest(userId, input ?? null),
					at: new Date(clock.now()),
				};
	return {
		callId,
		/** Before anything is changed. */
		async begin(): Promise<void> {
			if (line !== undefined) await audit.begin(line);
		},
		end(outcome: string): void {
			const ms = Math.round(clock.monotonicMs() - startedAt);
			if (line !== undefined) audit.end({ ...line, outcome, durationMs: ms });
			// The answer first: nobody has to wait for the line.
			setImmediate(() =>
				logger.info({ operation: entry.id, callId, userId, tokenId, code: outcome, ms }, 'call'),
			);
		},
	};
}
