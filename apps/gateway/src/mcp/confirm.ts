import { randomUUID } from 'node:crypto';
import { createClient } from '@chat-manager/bus';
import { AppError, confirmationNeeded, confirmationOf, toAppError } from '@chat-manager/contracts';
import { createRequestStateCodec } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { createDigest, deriveKey } from '../audit/digest.ts';
import type { Context } from '../context.ts';
import { useConfirmation } from '../database/audit-entries.ts';
import type { Confirmed, Invocation, Question } from '../dispatch.ts';
import type { Round } from './registry.ts';
import { quoted } from './text/visible-text.ts';

/** How long a person may take to answer. */
const ttlSeconds = 600;
/** The key of the one question that is asked, and of the one field of its form. */
export const questionKey = 'confirmation';
const Answer = z.object({ action: z.string(), content: z.object({ confirm: z.boolean() }).optional() });
const State = z.object({ id: z.string(), call: z.string() });

/**
 * Asks a person before something destructive or far-reaching happens.
 *
 * A call that needs it is answered with a question (multi-round-trip requests of 2026-07-28). The client asks its person and
 * repeats the call with the answer and with the sealed state that came with the question. The state names this very call:
 * user, token, tool, every argument. It expires, can be used once on whichever replica, and holds nothing to read. Nothing
 * that a model can write into the arguments counts. A client that cannot ask does it by the setting of its token.
 */
export function createConfirmer(context: Context, secret: string) {
	const codec = createRequestStateCodec<z.infer<typeof State>>({
		key: deriveKey(secret, 'confirmations'),
		ttlSeconds,
	});
	const digest = createDigest(secret, 'confirmed calls');

	function confirmFor(caller: Caller, { operation }: Invocation['entry'], round: Round | undefined) {
		return async (input: Record<string, unknown>): Promise<Confirmed | { readonly ask: Question }> => {
			if (caller.confirmation === 'never') return { confirmed: true };
			const isFar = operation.tool?.reachesGroup === true;
			const sentence = confirmationOf(operation, input);
			if (sentence === undefined && !isFar) return { confirmed: false };
			const canAsk = round?.client?.elicitation !== undefined;
			if (!canAsk && caller.confirmation === 'where_possible') return { confirmed: true };
			const group = await lookUpGroup(caller, input, isFar);
			const what = sentence ?? farReach(caller, input, group);
			if (what === undefined) return { confirmed: false };
			if (!canAsk || round === undefined) throw confirmationNeeded();
			const call = digest(caller.userId, caller.tokenId, operation.tool?.name, input);
			if (await isAnswered(caller, round, call)) return { confirmed: true };
			const state = await codec.mint({ id: randomUUID(), call });
			const where = group === undefined ? '' : ` Group: ${group.title}, ${group.memberCount} members.`;
			return { ask: { message: `${what}${where} Go ahead?`, state } };
		};
	}

	/** Whether a person said yes to this very call; throws when they said no. */
	async function isAnswered(caller: Caller, { context: server }: Round, call: string): Promise<boolean> {
		const state = State.safeParse(server.mcpReq.requestState());
		const answer = Answer.safeParse(server.mcpReq.inputResponses?.[questionKey]);
		if (!state.success || !answer.success || state.data.call !== call) return false;
		if (answer.data.action !== 'accept' || answer.data.content?.confirm !== true)
			throw new AppError('confirmation_needed', 'The person who was asked said no. Nothing was done.');
		const expiresAt = new Date(context.clock.now() + ttlSeconds * 1_000);
		return await useConfirmation(context.database, { userId: caller.userId, id: state.data.id, expiresAt });
	}

	/** What a person should know of the group that a call names; only its size decides, and only for a far reach. */
	async function lookUpGroup(caller: Caller, { jid }: Record<string, unknown>, isNeeded: boolean) {
		if (typeof jid !== 'string') return undefined;
		const call = {
			userId: caller.userId,
			callId: randomUUID(),
			deadline: context.clock.now() + 5_000,
			groups: caller.groups,
			idempotencyKey: undefined,
		};
		const reader: Caller = { ...caller, scopes: ['groups:read'], readOnly: true };
		try {
			const storage = createClient(context.bus.get(), 'storage');
			const granted = context.grants.forCall(reader, call, false);
			const { name, participantCount } = await storage.groups.getStarred({ jid }, granted);
			return { title: quoted(name), memberCount: participantCount };
		} catch (thrown) {
			const error = toAppError(thrown);
			if (isNeeded || error.code === 'group_not_starred') throw error;
			return undefined;
		}
	}

	return { confirmFor, verify: codec.verify };
}

export type Confirmer = ReturnType<typeof createConfirmer>;

function farReach(
	{ confirmAboveMembers }: Caller,
	{ text }: Record<string, unknown>,
	group: { memberCount: number } | undefined,
): string | undefined {
	if (group === undefined || group.memberCount <= confirmAboveMembers) return undefined;
	return `Send this message to ${group.memberCount} people: ${quoted(String(text), 300)}.`;
}
