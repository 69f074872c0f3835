import { contract } from '@chat-manager/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CheckCheck } from 'lucide-react';
import { ask } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { type Change, changesQuery } from './group-data.ts';
import { Initial, PersonName } from './person-name.tsx';

/** Who joined and who left since the last visit, and the end of that visit. */
export function ChangesTab({ jid }: { jid: string }) {
	const words = useWords(groupWords);
	const times = useTimes();
	const notice = useNotice();
	const queryClient = useQueryClient();
	const { data: changes, error } = useQuery(changesQuery(jid));
	const visiting = useMutation({
		mutationFn: () => ask(contract.storage.groups.markVisited, { jid }),
		onSuccess: async () => {
			await queryClient.invalidateQueries();
			notice.done(words.visited);
		},
		onError: notice.failed,
	});
	if (changes === undefined) return error === null ? <Loading /> : <ErrorNote error={error} />;
	return (
		<div className="tab-body">
			<ErrorNote error={error} />
			<div className="card-head changes-head">
				<p className="soft">{words.since(times.full(changes.since))}</p>
				<Button isBusy={visiting.isPending} onClick={() => visiting.mutate()}>
					<CheckCheck aria-hidden size={16} />
					{words.markVisited}
				</Button>
			</div>
			<div className="columns">
				<ChangeList title={words.joined} changes={changes.joined} omitted={changes.omitted?.joined ?? 0} />
				<ChangeList title={words.left} changes={changes.left} omitted={changes.omitted?.left ?? 0} />
			</div>
		</div>
	);
}

function ChangeList(props: { title: string; changes: readonly Change[]; omitted: number }) {
	const words = useWords(groupWords);
	const times = useTimes();
	const hows = { ...words, left: words.leftAlone };
	return (
		<section className="card card-flush">
			<h2 className="list-title">{props.title}</h2>
			{props.changes.length === 0 && <p className="soft list-note">{words.nobody}</p>}
			<ul className="rows">
				{props.changes.map((change) => (
					<li key={`${change.jid} ${change.at}`} className="row">
						<Initial person={change} />
						<div className="row-text">
							<p className="row-title">
								<PersonName person={change} />
							</p>
							<p className="soft small">
								{hows[change.how]} · {times.full(change.at)}
							</p>
						</div>
					</li>
				))}
			</ul>
			{props.omitted > 0 && <p className="soft list-note">{words.omitted(props.omitted)}</p>}
		</section>
	);
}
