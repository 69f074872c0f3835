import { AppError, contract } from '@chat-manager/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask, keyOf, query } from '../../api/ask.ts';

const { getStarred } = contract.storage.groups;
const { changes } = contract.storage.members;
const { list: listMembers } = contract.connector.members;
const { list: listMessages } = contract.storage.messages;

export type Group = z.output<typeof getStarred.output>;
export type Message = z.output<typeof listMessages.output>['messages'][number];
export type Coverage = z.output<typeof listMessages.output>['coverage'];
export type Member = z.output<typeof listMembers.output>['participants'][number];
export type Change = z.output<typeof changes.output>['joined'][number];

/** How many messages come at once. */
const pageSize = 50;
/** With more pages than this open, what is new no longer comes by itself: all of them would be read again each time. */
const livePages = 2;

export const groupQuery = (jid: string) =>
	queryOptions({
		...query(getStarred, { jid }),
		// A group that is not starred does not become so by asking again.
		refetchInterval: ({ state }) => (isNotStarred(state.error) ? false : 5_000),
	});

export const changesQuery = (jid: string) =>
	queryOptions({ ...query(changes, { jid }), refetchInterval: 5_000 });

/** Messages, newest first, page by page. */
export const messagesQuery = (jid: string, search: string) => {
	const filter = search === '' ? { jid, limit: pageSize } : { jid, limit: pageSize, query: search };
	return infiniteQueryOptions({
		queryKey: [...keyOf(listMessages), filter],
		queryFn: ({ pageParam, signal }) =>
			ask(listMessages, pageParam === null ? filter : { ...filter, before: pageParam }, signal),
		initialPageParam: null as string | null,
		getNextPageParam: ({ nextCursor }) => nextCursor,
		refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= livePages ? 3_000 : false),
	});
};

/** The members as WhatsApp has them now, page by page. */
export const membersQuery = (jid: string) =>
	infiniteQueryOptions({
		queryKey: [...keyOf(listMembers), { jid }],
		queryFn: ({ pageParam, signal }) =>
			ask(listMembers, pageParam === null ? { jid } : { jid, cursor: pageParam }, signal),
		initialPageParam: null as string | null,
		getNextPageParam: ({ nextCursor }) => nextCursor,
		staleTime: 30_000,
	});

export function isNotStarred(error: unknown): boolean {
	return error instanceof AppError && (error.code === 'group_not_starred' || error.code === 'invalid_input');
}
