import { contract } from '@chat-manager/contracts';
import type { z } from 'zod';
import { pagedQuery } from '../../api/paged-query.ts';

const { list } = contract.gateway.audit;

export type AuditCall = z.output<typeof list.output>['entries'][number];
export type AuditFilter = { readonly tokenId?: string; readonly outcome?: string };

/** What the tokens did, newest first. */
export const activityQuery = (filter: AuditFilter) =>
	pagedQuery({
		operation: list,
		inputOf: (cursor) => (cursor === null ? filter : { ...filter, cursor }),
		itemsOf: ({ entries }) => entries,
		withItems: (page, entries) => ({ ...page, entries: [...entries] }),
		idOf: ({ id }) => id,
	});
