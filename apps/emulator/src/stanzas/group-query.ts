import { isGroupJid, parseJid } from '../binary/jid.ts';
import { children, type Stanza } from '../binary/node.ts';
import { groupFor } from '../network/groups.ts';
import type { Group } from '../network/state.ts';
import type { IqAnswer, IqHandler, IqRequest } from './iq-handler.ts';

/** A query that only members of the group may ask. */
export function inGroup(handle: (request: IqRequest, group: Group) => IqAnswer): IqHandler {
	return (request) =>
		handle(request, groupFor(request.ctx.network, groupId(request.iq), request.caller.account));
}

export function participants(request: Stanza): string[] {
	return children(request, 'participant').map(({ attrs }) => attrs.jid ?? '');
}

/** The group a query is for; empty for `@g.us`. */
export function groupId(iq: Stanza): string {
	const { to = '' } = iq.attrs;
	if (to === 'g.us' || to === '@g.us') return '';
	return isGroupJid(to) ? (parseJid(to)?.user ?? '') : '';
}
