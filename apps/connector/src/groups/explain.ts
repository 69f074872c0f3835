import { AppError, type Call } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { type Group, type GroupMember, phoneOf } from '../whatsapp/group-node.ts';
import { whatsappCode } from '../whatsapp/query.ts';
import { lookInTime } from './look-again.ts';
import { findMember } from './person.ts';

/** WhatsApp's codes that can mean any of: no admin, no member, no group. */
const ambiguous = [401, 403, 404, 405, 410];

/**
 * What a refusal of WhatsApp means. It answers "forbidden" to who is no admin and to who is no member, so the group is read:
 * looking at it takes no rights. Any other error is returned as it is.
 */
export async function explain(
	context: SessionContext,
	jid: string,
	call: Pick<Call, 'deadline'>,
	error: unknown,
): Promise<unknown> {
	if (!ambiguous.includes(whatsappCode(error) ?? 0)) return error;
	const { record } = context.groups;
	try {
		return explainFor(
			context,
			await lookInTime(context, call, (timeoutMs) => record.reread(jid, timeoutMs)),
			error,
		);
	} catch (why) {
		if (why instanceof AppError && ['not_group_member', 'group_not_found'].includes(why.code)) return why;
		const group = await record.recalled(jid);
		return group === undefined ? error : explainFor(context, group, error);
	}
}

/** What this device is in the group; `undefined`: no member. */
export function ownRole({ session }: SessionContext, group: Group): GroupMember['role'] | undefined {
	const me = session.me();
	return findMember(group, { lid: me.lid, phone: phoneOf(me.jid) })?.role;
}

export function notAdmin(cause?: unknown): AppError {
	return new AppError(
		'not_group_admin',
		'Your device is in this group, but only its admins may do this. Ask an admin to make you one; list_group_participants shows who they are.',
		{ cause },
	);
}

export function notMember(cause?: unknown): AppError {
	return new AppError(
		'not_group_member',
		'Your device is no longer in this group. Join it again on your phone, or unstar it with unstar_group.',
		{ cause },
	);
}

function explainFor(context: SessionContext, group: Group, error: unknown): unknown {
	const role = ownRole(context, group);
	if (role === undefined) return notMember(error);
	if (role === 'member') return notAdmin(error);
	return new AppError(
		'whatsapp_refused',
		'WhatsApp refused this although your device is an admin of the group. Nothing was changed; try it on your phone to see why.',
		{ cause: error },
	);
}
