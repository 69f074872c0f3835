import { Link } from '@tanstack/react-router';
import { ArrowRight, Check, PartyPopper } from 'lucide-react';
import { useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';

type Step = 'link' | 'star' | 'token' | 'call';

const places: Readonly<Record<Step, string>> = {
	link: '/device',
	star: '/groups',
	token: '/settings/mcp',
	call: '/settings/mcp',
};
const order: readonly Step[] = ['link', 'star', 'token', 'call'];

/** The four steps of the first run; the next one is offered, the others can be looked at. */
export function Checklist({ steps }: { steps: Readonly<Record<Step, boolean>> }) {
	const words = useWords(overviewWords);
	const doneCount = order.filter((step) => steps[step]).length;
	const next = order.find((step) => !steps[step]);
	if (next === undefined)
		return (
			<section className="card all-done">
				<PartyPopper aria-hidden size={24} />
				<div>
					<h2>{words.allDone}</h2>
					<p className="soft">{words.allDoneHint}</p>
				</div>
			</section>
		);
	const texts: Readonly<Record<Step, readonly [title: string, hint: string]>> = {
		link: [words.link, words.linkHint],
		star: [words.star, words.starHint],
		token: [words.token, words.tokenHint],
		call: [words.call, words.callHint],
	};
	return (
		<section className="card" aria-labelledby="first-steps">
			<div className="card-head">
				<div>
					<h2 id="first-steps">{words.firstSteps}</h2>
					<p className="soft">{words.firstStepsIntro}</p>
				</div>
				<p className="soft" role="status">
					{words.progress(doneCount, order.length)}
				</p>
			</div>
			<progress className="progress" value={doneCount} max={order.length} aria-labelledby="first-steps" />
			<ol className="checklist">
				{order.map((step, index) => (
					<li
						key={step}
						className="check"
						data-state={steps[step] ? 'done' : step === next ? 'next' : 'later'}
					>
						<span className="check-mark">{steps[step] ? <Check aria-hidden size={16} /> : index + 1}</span>
						<div className="check-text">
							<h3>
								{texts[step][0]}
								{steps[step] && <span className="sr"> – {words.done}</span>}
							</h3>
							<p className="soft">{texts[step][1]}</p>
						</div>
						{step === next && (
							<Link to={places[step]} className="button button-primary" aria-label={texts[step][0]}>
								<ArrowRight aria-hidden size={18} />
							</Link>
						)}
					</li>
				))}
			</ol>
		</section>
	);
}
