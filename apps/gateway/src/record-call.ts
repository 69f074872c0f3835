import { tools } from '@chat-manager/contracts';
import type { Caller } from './access/caller.ts';
import type { Context } from './context.ts';
import { calls } from './metrics.ts';

const toolNames = new Map(tools.map(({ name, entry }) => [entry.id, name]));

/** One call on its way: its line in the log of the process, and for an access token its lines in the audit log. */
export function recordCall(
	{ audit, clock, logger }: Pick<Context, 'audit' | 'clock' | 'logger'>,
	{ entry, input, caller }: { entry: { id: string }; input: unknown; caller: Caller },
	callId: string,
) {
	const { userId, tokenId } = caller;
	const startedAt = clock.monotonicMs();
	const tool = toolNames.get(entry.id) ?? entry.id;
	const line =
		tokenId === undefined
			? undefined
			: {
					userId,
					tokenId,
					callId,
					tool,
					argumentsDigest: audit.digest(userId, input ?? null),
					at: new Date(clock.now()),
				};
	return {
		callId,
		/** The tool, or the operation where agents have none for it. */
		tool,
		/** Before anything is changed. */
		async begin(): Promise<void> {
			if (line !== undefined) await audit.begin(line);
		},
		end(outcome: string): void {
			const ms = Math.round(clock.monotonicMs() - startedAt);
			calls.observe({ tool, caller: tokenId === undefined ? 'person' : 'token', outcome }, ms);
			if (line !== undefined) audit.end({ ...line, outcome, durationMs: ms });
			// The answer first: nobody has to wait for the line.
			setImmediate(() =>
				logger.info({ operation: entry.id, callId, userId, tokenId, code: outcome, ms }, 'call'),
			);
		},
	};
}
