import { AppError, contract } from '@chat-manager/contracts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask, keyOf, query } from '../../api/ask.ts';
import { pagedQuery } from '../../api/paged-query.ts';

const { getStarred, timeline } = contract.storage.groups;
const { changes } = contract.storage.members;
const { list: listMembers } = contract.connector.members;
const { list: listMessages } = contract.storage.messages;

export type Day = z.output<typeof timeline.output>['days'][number];
export type Group = z.output<typeof getStarred.output>;
export type MessagePage = z.output<typeof listMessages.output>;
export type Message = z.output<typeof listMessages.output>['messages'][number];
export type Coverage = z.output<typeof listMessages.output>['coverage'];
export type MemberPage = z.output<typeof listMembers.output>;
export type Member = z.output<typeof listMembers.output>['participants'][number];
export type Change = z.output<typeof changes.output>['joined'][number];

/** How many messages come at once. */
const pageSize = 100;

export const groupQuery = (jid: string) => query(getStarred, { jid });

/** How the group has lived day by day, in days of whoever looks at it. */
export const timelineQuery = (jid: string, days: number) =>
	query(timeline, { jid, days, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });

export const changesQuery = (jid: string) => query(changes, { jid });

/** Messages, newest first, page by page. */
export const messagesQuery = (jid: string, search: string) => {
	const filter = search === '' ? { jid, limit: pageSize } : { jid, limit: pageSize, query: search };
	return pagedQuery({
		operation: listMessages,
		inputOf: (before) => (before === null ? filter : { ...filter, before }),
		itemsOf: ({ messages }) => messages,
		withItems: (page, messages) => ({ ...page, messages: [...messages] }),
		idOf: messageKey,
	});
};

/** An id is its author's choice: it is unique together with the author. */
export const messageKey = ({ id, sender }: Message): string => `${sender.jid} ${id}`;

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
