import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChartColumn } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { historyWords } from '../../words/group-history.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { CoverageNote } from './coverage-note.tsx';
import { type Day, timelineQuery } from './group-data.ts';
import { HistoryTable } from './history-table.tsx';

/** The charts come with a library of their own, which nobody else waits for. */
const DayChart = lazy(() => import('./day-chart.tsx').then((module) => ({ default: module.DayChart })));

const spansDays = [30, 90, 365] as const;

/** How the group has lived, day by day: as charts, and as a table. */
export function HistoryTab({ jid }: { jid: string }) {
	const words = useWords(historyWords);
	const times = useTimes();
	const [span, setSpan] = useState<number>(30);
	const { data, error } = useQuery({ ...timelineQuery(jid, span), placeholderData: keepPreviousData });
	if (data === undefined) return error === null ? <Loading lines={6} /> : <ErrorNote error={error} />;
	const { days } = data;
	const isKnown = days.some(({ messages }) => messages !== null);
	const sum = (of: 'messages' | 'joined' | 'left') =>
		times.number(days.reduce((total, day) => total + (day[of] ?? 0), 0));
	return (
		<div className="tab-body">
			<ErrorNote error={error} />
			<div className="filters">
				<select
					className="select select-quiet"
					aria-label={words.span}
					value={span}
					onChange={({ target }) => setSpan(Number(target.value))}
				>
					{spansDays.map((choice) => (
						<option key={choice} value={choice}>
							{words.lastDays(choice)}
						</option>
					))}
				</select>
			</div>
			<CoverageNote coverage={data.coverage} />
			{!isKnown && <EmptyState icon={ChartColumn} title={words.nothing} hint={words.nothingHint} />}
			{isKnown && (
				<>
					<Figure title={words.perDay} summary={words.total(sum('messages'), days.length)}>
						<DayChart title={words.perDay} days={days} series={messageSeries(words.messages)} />
					</Figure>
					<Figure title={words.comings} summary={words.movement(sum('joined'), sum('left'))}>
						<DayChart title={words.comings} days={days} series={movementSeries(words)} />
					</Figure>
					<HistoryTable days={days} />
				</>
			)}
		</div>
	);
}

function Figure(props: { title: string; summary: string; children: React.ReactNode }) {
	const words = useWords(historyWords);
	return (
		<section className="card">
			<div className="card-head">
				<h2>{props.title}</h2>
				<p className="soft small">{props.summary}</p>
			</div>
			<Suspense fallback={<div className="chart" />}>
				<div className="chart">{props.children}</div>
			</Suspense>
			<p className="sr">{words.chartHint}</p>
		</section>
	);
}

const messageSeries = (name: string) => [
	{ name, color: 'var(--accent)', of: ({ messages }: Day) => messages },
];

/** Who left is drawn below the line. */
const movementSeries = ({ joined, left }: { joined: string; left: string }) => [
	{ name: joined, color: 'var(--accent)', of: (day: Day) => day.joined },
	{ name: left, color: 'var(--danger)', isBelow: true, of: (day: Day) => day.left },
];
