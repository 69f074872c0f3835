import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { MessageCircle, SearchX } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useAllPages } from '../../parts/use-all-pages.ts';
import { useSettled } from '../../parts/use-settled.ts';
import { VirtualRows } from '../../parts/virtual-rows.tsx';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';
import { CoverageNote } from './coverage-note.tsx';
import { type MessagePage, messageKey, messagesQuery } from './group-data.ts';
import { MessageRow } from './message-row.tsx';

const messagesOf = ({ messages }: MessagePage) => messages;

/** The stored messages, newest first; older ones come as one scrolls. */
export function MessagesTab({ jid }: { jid: string }) {
	const words = useWords(groupWords);
	const [search, setSearch] = useState('');
	const wanted = useSettled(search.trim());
	const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage } = useInfiniteQuery(
		// What is shown stays until the answer to a new search is there.
		{ ...messagesQuery(jid, wanted), placeholderData: keepPreviousData },
	);
	const messages = useAllPages(data?.pages, messagesOf);
	const coverage = data?.pages[0]?.coverage;
	return (
		<div className="tab-body">
			<SearchField label={words.searchMessages} value={search} onChange={setSearch} />
			{coverage !== undefined && <CoverageNote coverage={coverage} />}
			<ErrorNote error={error} />
			{isPending && error === null && <Loading lines={6} />}
			{data !== undefined && messages.length === 0 && wanted === '' && (
				<EmptyState icon={MessageCircle} title={words.noMessages} hint={words.noMessagesHint} />
			)}
			{data !== undefined && messages.length === 0 && wanted !== '' && (
				<EmptyState icon={SearchX} title={words.noneFound} hint={words.noneFoundHint} />
			)}
			{messages.length > 0 && (
				<div className="card card-flush">
					<VirtualRows
						label={words.messages}
						items={messages}
						keyOf={messageKey}
						estimateHeightPx={84}
						render={(message) => <MessageRow message={message} />}
						onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
					/>
				</div>
			)}
			{isFetchingNextPage && <p className="soft loading-more">{words.loadingMore}</p>}
		</div>
	);
}
