import type { ErrorCode, Tool } from '@chat-manager/contracts';

/** A tool that helps after a failure, and what for. */
type Step = { readonly tool: string; readonly to: string };
type Advice = { readonly steps?: readonly Step[]; readonly otherwise?: string };

const listGroups = { tool: 'list_starred_groups', to: 'for the groups that can be used and their jids' };
const readGroup = { tool: 'get_starred_group', to: 'to see the group as it is now' };
const readMembers = {
	tool: 'list_group_participants',
	to: 'to see who is in the group and who its admins are',
};

/**
 * What to do after a failure: which tool to call next, as far as the token may use it, and what only the user can do. The
 * failed tool itself is `again`.
 */
export function adviceFor(code: ErrorCode, failed: Tool, pages: { tokens: string; device: string }): Advice {
	const { name } = failed;
	const again = (to: string): Step => ({ tool: name, to });
	switch (code) {
		case 'invalid_input':
			return { steps: [again('again with the arguments mended')] };
		case 'group_not_starred':
			return { steps: [listGroups, { tool: 'star_group', to: 'if the user wants this group to be used' }] };
		case 'group_not_found':
			return { steps: [listGroups], otherwise: 'Ask the user to check the group on their phone.' };
		case 'not_group_admin':
			return {
				steps: [readMembers],
				otherwise: 'Tell the user which admins could do it or make them an admin.',
			};
		case 'not_group_member':
			return {
				steps: [listGroups, { tool: 'unstar_group', to: 'if the user is done with this group' }],
				otherwise: 'Ask the user to join the group again on their phone.',
			};
		case 'message_not_found':
			return { steps: [{ tool: 'get_group_messages', to: 'for the ids of messages that are stored' }] };
		case 'webhook_not_found':
			return { steps: [{ tool: 'list_webhooks', to: 'for the ids that exist' }] };
		case 'device_offline':
			return {
				steps: [
					{ tool: 'get_group_messages', to: 'for what is stored, which needs no device' },
					{ ...listGroups, to: 'for the groups, which needs no device' },
				],
				otherwise: `Ask the user to look at ${pages.device}, then call ${name} again.`,
			};
		case 'device_not_linked':
			return { otherwise: `Ask the user to link a device at ${pages.device}, then call ${name} again.` };
		case 'whatsapp_rate_limited':
			return { steps: [again('again once that time is over, and not before')] };
		case 'whatsapp_refused':
			return { steps: [readGroup, readMembers], otherwise: 'Tell the user what WhatsApp refused.' };
		case 'outcome_unknown':
			return { steps: lookAfter(failed) };
		case 'idempotency_conflict':
			return { steps: [again('with a new idempotencyKey if this is meant as another call')] };
		case 'forbidden':
			return { otherwise: `Ask the user to create a token that may do this at ${pages.tokens}.` };
		case 'confirmation_needed':
			return {
				otherwise: `Ask the user whether they want it, never repeat it unasked. Where the client cannot ask, they can do it themselves in Chat Manager, or let the token do without at ${pages.tokens}.`,
			};
		case 'timeout':
		case 'unavailable':
		case 'rate_limited':
		case 'internal':
			return { steps: [again('again in a moment')] };
		default:
			return { otherwise: 'Tell the user what went wrong.' };
	}
}

/** How to find out whether it happened: the same key does nothing twice; else one looks. */
function lookAfter({ name, entry }: Tool): Step[] {
	if ('idempotencyKey' in entry.operation.input.shape)
		return [{ tool: name, to: 'again with the same arguments and idempotencyKey: it is not done twice' }];
	if (entry.domain === 'webhooks') return [{ tool: 'list_webhooks', to: 'to see whether it happened' }];
	const look = entry.domain === 'members' ? readMembers : readGroup;
	return [{ ...look, to: `to see whether it happened, before calling ${name} again` }];
}

/** What an outcome of one person means for what to do next. */
export const outcomeAdvice: Readonly<Record<string, Advice>> = {
	not_on_whatsapp: {
		otherwise:
			'not_on_whatsapp: no account has this number; ask the user to check it, country code included.',
	},
	invite_needed: { steps: [{ tool: 'get_group_invite_link', to: 'for a link that the user can send them' }] },
	not_permitted: { steps: [{ ...readMembers, to: 'to see whether they are an admin, or you are not' }] },
	not_done: { otherwise: 'not_done: nothing happened to them; repeat the call for them after retryAfterMs.' },
	unknown: { steps: [{ ...readMembers, to: 'to see whether it happened to those who are unknown' }] },
	restricted: { otherwise: 'restricted: WhatsApp does not let this account do that now; tell the user.' },
};

/** The advice in words: steps that the caller may take, then what remains. */
export function inWords({ steps = [], otherwise }: Advice, mayCall: (tool: string) => boolean): string {
	const possible = steps.filter(({ tool }) => mayCall(tool)).map(({ tool, to }) => `Call ${tool} ${to}.`);
	if (otherwise !== undefined) possible.push(otherwise);
	return possible.length > 0 ? possible.join(' ') : 'Tell the user; this token has no tool that helps.';
}
