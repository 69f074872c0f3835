import { useQuery } from '@tanstack/react-query';
import { Choice } from '../../parts/choice.tsx';
import { withOrWithout } from '../../parts/with-or-without.ts';
import { groupsWords } from '../../words/groups.ts';
import { useWords } from '../../words/language.tsx';
import { starredGroupsQuery } from './group-queries.ts';

/** All starred groups (null), or some of them; stands in a form. */
export function GroupChoice(props: {
	only: ReadonlySet<string> | null;
	onChange: (only: ReadonlySet<string> | null) => void;
}) {
	const { only, onChange } = props;
	const words = useWords(groupsWords);
	const { data: groups = [] } = useQuery(starredGroupsQuery);
	return (
		<Choice.Group name="groups" label={words.which}>
			<Choice.One
				name="which-groups"
				label={words.allStarred}
				isOn={only === null}
				onChoose={() => onChange(null)}
			/>
			<Choice.One
				name="which-groups"
				label={words.onlyThese}
				isOn={only !== null}
				onChoose={() => onChange(new Set())}
			/>
			{only !== null && (
				<div className="nested">
					{groups.length === 0 && <p className="soft small">{words.noneStarred}</p>}
					{groups.map(({ jid, name }) => (
						<Choice.Box
							key={jid}
							label={<bdi>{name}</bdi>}
							isOn={only.has(jid)}
							onChange={(isOn) => onChange(withOrWithout(only, jid, isOn))}
						/>
					))}
				</div>
			)}
		</Choice.Group>
	);
}
