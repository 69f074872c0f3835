import { TriangleAlert } from 'lucide-react';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import type { Coverage } from './group-data.ts';

/** The newest gaps are enough: the server tells all of them. */
const shownGaps = 3;

/** Where messages may be missing: there, nothing means unknown. */
export function CoverageNote({ coverage }: { coverage: Coverage }) {
	const words = useWords(groupWords);
	const times = useTimes();
	const gaps = coverage.gaps.toSorted((a, b) => (a.from < b.from ? 1 : -1)).slice(0, shownGaps);
	if (coverage.storing && gaps.length === 0) return null;
	return (
		<div className="note note-warm">
			<TriangleAlert aria-hidden size={18} />
			<div>
				{!coverage.storing && <p>{words.storageOff}</p>}
				{gaps.length > 0 && (
					<>
						<p>{words.gaps}</p>
						<ul>
							{gaps.map(({ from, to, reason }) => (
								<li key={`${from} ${reason}`} className="small">
									{times.full(from)} – {to === null ? words.untilNow : times.full(to)}: {words[reason]}
								</li>
							))}
						</ul>
					</>
				)}
			</div>
		</div>
	);
}
