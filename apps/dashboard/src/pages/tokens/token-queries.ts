import { contract } from '@chat-manager/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { query } from '../../api/ask.ts';

const { list } = contract.gateway.tokens;

export type Token = z.output<typeof list.output>['tokens'][number];

/** The person's access tokens, and when each was used last. */
export const tokensQuery = queryOptions({
	...query(list, {}),
	select: ({ tokens }): Token[] => tokens,
});

/** When any of them was used last. */
export function lastUse(tokens: readonly Token[]): string | null {
	return tokens.reduce<string | null>(
		(latest, { lastUsedAt }) =>
			lastUsedAt !== null && (latest === null || lastUsedAt > latest) ? lastUsedAt : latest,
		null,
	);
}
