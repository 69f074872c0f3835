import { auditOutcomes } from '@chat-manager/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { History, SearchX } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useAllPages } from '../../parts/use-all-pages.ts';
import { VirtualRows } from '../../parts/virtual-rows.tsx';
import { activityWords } from '../../words/activity.ts';
import { useWords } from '../../words/language.tsx';
import { tokensQuery } from '../tokens/token-queries.ts';
import { type AuditCall, type AuditFilter, activityQuery } from './activity-query.ts';
import { ActivityRow } from './activity-row.tsx';

const callsOf = ({ entries }: { entries: readonly AuditCall[] }) => entries;
const idOf = ({ id }: AuditCall) => id;

/** The audit log, as its owner reads it. */
export function ActivityPage() {
	const words = useWords(activityWords);
	const { data: tokens = [] } = useQuery(tokensQuery);
	const [filter, setFilter] = useState<AuditFilter>({});
	const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage } = useInfiniteQuery(
		activityQuery(filter),
	);
	const calls = useAllPages(data?.pages, callsOf);
	const isFiltered = Object.keys(filter).length > 0;
	return (
		<>
			<PageHead title={words.title} intro={words.intro} />
			<div className="filters">
				<select
					className="select"
					aria-label={words.token}
					value={filter.tokenId ?? ''}
					onChange={({ target }) => setFilter(chosen(filter, 'tokenId', target.value))}
				>
					<option value="">{words.anyToken}</option>
					{tokens.map(({ id, name }) => (
						<option key={id} value={id}>
							{name}
						</option>
					))}
				</select>
				<select
					className="select"
					aria-label={words.outcome}
					value={filter.outcome ?? ''}
					onChange={({ target }) => setFilter(chosen(filter, 'outcome', target.value))}
				>
					<option value="">{words.anyOutcome}</option>
					{auditOutcomes.map((outcome) => (
						<option key={outcome} value={outcome}>
							{words[outcome]}
						</option>
					))}
				</select>
			</div>
			<ErrorNote error={error} />
			{isPending && error === null && <Loading lines={6} />}
			{data !== undefined && calls.length === 0 && !isFiltered && (
				<EmptyState icon={History} title={words.empty} hint={words.emptyHint} />
			)}
			{data !== undefined && calls.length === 0 && isFiltered && (
				<EmptyState icon={SearchX} title={words.noneFound} hint={words.noneFoundHint} />
			)}
			{calls.length > 0 && (
				<div className="card card-flush">
					<VirtualRows
						label={words.title}
						items={calls}
						keyOf={idOf}
						estimateHeightPx={62}
						render={(call) => <ActivityRow call={call} />}
						onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
					/>
				</div>
			)}
			{isFetchingNextPage && <p className="soft loading-more">{words.loadingMore}</p>}
		</>
	);
}

/** The filter with one part chosen; an empty choice takes it out. */
function chosen(filter: AuditFilter, part: keyof AuditFilter, value: string): AuditFilter {
	const { [part]: _, ...others } = filter;
	return value === '' ? others : { ...others, [part]: value };
}
