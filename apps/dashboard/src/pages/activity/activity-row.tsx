import { auditOutcomes } from '@chat-manager/contracts';
import { activityWords } from '../../words/activity.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import type { AuditCall } from './activity-query.ts';

/** One call of an agent: what, by which token, when, and how it ended. */
export function ActivityRow({ call }: { call: AuditCall }) {
	const words = useWords(activityWords);
	const times = useTimes();
	const known = auditOutcomes.find((outcome) => outcome === call.outcome);
	return (
		<div className="row">
			<div className="row-text">
				<p className="row-title">
					<code className="clip">{call.tool}</code>
				</p>
				<p className="soft small">
					<bdi>{call.tokenName}</bdi> · {times.full(call.at)}
					{call.durationMs !== null && <> · {words.milliseconds(times.number(call.durationMs))}</>}
				</p>
			</div>
			{known === undefined ? (
				<span className="pill pill-bad" title={words.failed}>
					{call.outcome}
				</span>
			) : (
				<span className={known === 'ok' ? 'pill pill-good' : 'pill'}>{words[known]}</span>
			)}
		</div>
	);
}
