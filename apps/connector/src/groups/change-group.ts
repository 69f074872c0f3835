import { AppError, assertInTime, type Call } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import type { Group } from '../whatsapp/group-node.ts';
import type { Groups } from '../whatsapp/groups.ts';
import { explain } from './explain.ts';
import { patienceMs, rereadGroup } from './look-again.ts';

export type GroupChange = {
	perform: (whatsapp: Groups, timeoutMs: number) => Promise<void>;
	/** Whether a group looks as it should after the change. */
	isDone: (group: Group) => boolean;
	/** The sentence for when it does not. */
	notDone: string;
};

/**
 * Changes a group. When WhatsApp does not say whether it was done, the group is read again: resolves when it looks so; throws
 * `timeout` when it does not, and `outcome_unknown` when it cannot be read.
 */
export async function changeGroup(
	context: SessionContext,
	jid: string,
	call: Call,
	{ perform, isDone, notDone }: GroupChange,
): Promise<void> {
	const { session, clock, groups } = context;
	try {
		await groups.limits.change(() => {
			assertInTime(call, clock.now());
			return perform(session.whatsapp().groups, patienceMs(call, clock));
		});
	} catch (error) {
		if (!(error instanceof AppError && error.code === 'outcome_unknown'))
			throw await explain(context, jid, call, error);
		const group = await rereadGroup(context, call, jid);
		if (group === undefined) throw error;
		if (!isDone(group))
			throw new AppError('timeout', `WhatsApp did not answer in time. ${notDone} Try again.`, {
				cause: error,
			});
	} finally {
		groups.record.noteChange(jid);
	}
}
