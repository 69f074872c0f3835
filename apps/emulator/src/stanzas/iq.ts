import { attr, firstChild, node, type Stanza } from '../binary/node.ts';
import type { Endpoint } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import { accountQueries } from './iq-account.ts';
import { appStateQueries } from './iq-app-state.ts';
import { encryptQueries } from './iq-encrypt.ts';
import { groupJoiningQueries } from './iq-group-joining.ts';
import { groupQueries } from './iq-groups.ts';
import type { IqHandler } from './iq-handler.ts';
import { mediaQueries } from './iq-media.ts';
import { pictureQueries } from './iq-pictures.ts';
import { sessionQueries } from './iq-session.ts';
import { usyncQueries } from './iq-usync.ts';

/** Every query the server knows, by `xmlns type child`; `-` stands for no child. */
const QUERIES: Readonly<Record<string, IqHandler>> = {
	...sessionQueries,
	...accountQueries,
	...appStateQueries,
	...encryptQueries,
	...usyncQueries,
	...groupQueries,
	...groupJoiningQueries,
	...mediaQueries,
	...pictureQueries,
};

/**
 * Answers one query. A query that nobody knows gets an empty result, because silence would cost the client a minute each
 * time; a refused one gets the error.
 */
export function answerIq(ctx: Context, caller: Endpoint, iq: Stanza, reply: (stanza: Stanza) => void): void {
	const { type, xmlns } = iq.attrs;
	if (type !== 'get' && type !== 'set') return;
	const request = firstChild(iq);
	const handle = QUERIES[`${xmlns} ${type} ${request?.tag ?? '-'}`];
	const envelope = { from: iq.attrs.to, id: attr(iq, 'id') };
	try {
		const answer = handle?.({ ctx, caller, iq, request: request ?? iq }) ?? {};
		reply(node('iq', { ...envelope, type: 'result' }, answer.content));
		answer.after?.();
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const refusal = node('error', { code: String(error.code), text: error.text });
		reply(node('iq', { ...envelope, type: 'error' }, [refusal]));
	}
}
