import { contract } from '@chat-manager/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask, keyOf, query } from '../../api/ask.ts';
import { everyPage } from '../../api/every-page.ts';

const { listStarred } = contract.storage.groups;
const { list } = contract.connector.groups;

export type StarredGroup = z.output<typeof listStarred.output>['groups'][number];
export type KnownGroup = z.output<typeof list.output>['groups'][number];

/** The starred groups, from the record: they are there while the device is offline too. */
export const starredGroupsQuery = queryOptions({
	queryKey: keyOf(listStarred),
	queryFn: ({ signal }): Promise<StarredGroup[]> =>
		everyPage(async (cursor) => {
			const { groups, nextCursor } = await ask(listStarred, cursor === undefined ? {} : { cursor }, signal);
			return { items: groups, nextCursor };
		}),
});

/** All groups that the linked WhatsApp is in. WhatsApp itself is asked, so not too often. */
export const allGroupsQuery = queryOptions({
	...query(list, {}),
	staleTime: 30_000,
	select: ({ groups }) => groups,
});

/** The number of a group in an address, and back. */
export const numberOf = (jid: string): string => jid.replace(/@g\.us$/, '');
export const jidOf = (number: string): string => `${number}@g.us`;
