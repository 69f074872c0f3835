import { historyWords } from '../../words/group-history.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import type { Day } from './group-data.ts';

/** The same as the charts say, in figures; the newest day first. */
export function HistoryTable({ days }: { days: readonly Day[] }) {
	const words = useWords(historyWords);
	const times = useTimes();
	const figure = (count: number | null) => (count === null ? '–' : times.number(count));
	return (
		<details className="card more">
			<summary>{words.asTable}</summary>
			<table className="figures">
				<thead>
					<tr>
						{[words.day, words.messages, words.joined, words.left].map((title) => (
							<th key={title} scope="col">
								{title}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{days.toReversed().map((day) => (
						<tr key={day.day}>
							<th scope="row">
								{times.calendarDay(day.day)}
								{day.partial && <span className="soft small"> · {words.partial}</span>}
							</th>
							<td>{figure(day.messages)}</td>
							<td>{figure(day.joined)}</td>
							<td>{figure(day.left)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</details>
	);
}
