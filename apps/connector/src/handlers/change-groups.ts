import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
	toAppError,
} from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { changeGroup } from '../groups/change-group.ts';
import { explain } from '../groups/explain.ts';
import { lookAgain, lookInTime, patienceMs } from '../groups/look-again.ts';
import type { Outcome } from '../outbox/outbox.ts';
import { whatsappCode } from '../whatsapp/query.ts';
import { assertStarred } from './starred.ts';

type GroupHandlers = DomainHandlers<Contract['connector']['groups'], SessionContext>;

export const renameGroup: GroupHandlers['rename'] = async (context, { jid, name }, call) => {
	assertStarred(context, jid);
	context.session.whatsapp();
	await changeGroup(context, jid, call, {
		perform: (whatsapp, timeoutMs) => whatsapp.rename(jid, name, timeoutMs),
		isDone: (group) => group.name === name,
		notDone: 'The group still has its old name.',
	});
	return { jid, name };
};

export const describeGroup: GroupHandlers['describe'] = async (context, { jid, description }, call) => {
	assertStarred(context, jid);
	context.session.whatsapp();
	const { record } = context.groups;
	const present = await lookInTime(context, call, (timeoutMs) => record.current(jid, timeoutMs));
	const wanted = description === '' ? null : description;
	if (wanted === null && present.descriptionId === null) return { jid, description: null };
	const describe = (replaces: string | null) =>
		changeGroup(context, jid, call, {
			perform: (whatsapp, timeoutMs) => whatsapp.describe(jid, { description, replaces }, timeoutMs),
			isDone: (group) => group.description === wanted,
			notDone: 'The group still has its old description.',
		});
	await describe(present.descriptionId).catch(async (error: unknown) => {
		// Somebody else was faster: certainly nothing was done, so it is done again over theirs.
		if (whatsappCode(error) !== 409) throw error;
		const now = await lookInTime(context, call, (timeoutMs) => record.reread(jid, timeoutMs));
		await describe(now.descriptionId);
	});
	return { jid, description: wanted };
};

export const inviteLink: GroupHandlers['inviteLink'] = async (
	context,
	{ jid, reset, idempotencyKey },
	call,
) => {
	assertStarred(context, jid);
	if (!reset)
		return {
			jid,
			inviteLink: await lookInTime(context, call, (timeoutMs) => readLink(context, jid, call, timeoutMs)),
		};
	return context.outbox.run({
		operation: 'groups.resetInviteLink',
		idempotencyKey,
		args: { jid },
		async prepare() {
			context.session.whatsapp(); // An offline device is said before anything is stored.
			return null;
		},
		perform: () => resetLink(context, jid, call),
	});
};

/**
 * Resets the link. After an unknown outcome the link is read again: another one than before was made by this. An earlier attempt
 * of which nothing is known any more is made again: nobody was told the link that it may have made.
 */
async function resetLink(
	context: SessionContext,
	jid: string,
	call: Call,
): Promise<Outcome<{ jid: string; inviteLink: string }>> {
	const { session, clock, groups } = context;
	try {
		const before = await readLink(context, jid, call, patienceMs(call, clock));
		const link = await groups.limits
			.change(() => {
				assertInTime(call, clock.now());
				return session.whatsapp().groups.resetInviteLink(jid, patienceMs(call, clock));
			})
			.catch(async (error: unknown) => {
				if (toAppError(error).code !== 'outcome_unknown') throw error;
				const now = await lookAgain(context, call, (timeoutMs) => readLink(context, jid, call, timeoutMs));
				if (now === undefined) throw error;
				if (now === before) throw stillTheOldLink(error);
				return now;
			});
		return { status: 'sent', result: { jid, inviteLink: link } };
	} catch (thrown) {
		const error = toAppError(await explain(context, jid, call, thrown));
		return { status: error.code === 'outcome_unknown' ? 'unknown' : 'not_sent', error };
	}
}

async function readLink(
	context: SessionContext,
	jid: string,
	call: Call,
	timeoutMs: number,
): Promise<string> {
	const { session, groups } = context;
	try {
		return await groups.limits.look(() => session.whatsapp().groups.inviteLink(jid, timeoutMs));
	} catch (error) {
		throw await explain(context, jid, call, error);
	}
}

function stillTheOldLink(cause: unknown): AppError {
	return new AppError('timeout', 'WhatsApp did not answer in time. The old link still works. Try again.', {
		cause,
	});
}
