import { groupNotStarred } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';

/** Every read and every action here is limited to starred groups; `serve` has already looked at the token's own limit. */
export function assertStarred({ session }: SessionContext, jid: string): void {
	if (!session.groups.has(jid)) throw groupNotStarred();
}
