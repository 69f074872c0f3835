import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/people.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';
import { deviceQuery, isLinked } from '../device/device-query.ts';
import { starredGroupsQuery } from '../groups/group-queries.ts';
import { lastUse, tokensQuery } from '../tokens/token-queries.ts';
import { Checklist } from './checklist.tsx';
import { Summary } from './summary.tsx';

/** The first steps until all are done; from then on how things stand. */
export function OverviewPage() {
	const words = useWords(overviewWords);
	const { data: user } = useQuery(sessionQuery);
	const device = useQuery(deviceQuery);
	const groups = useQuery(starredGroupsQuery);
	const tokens = useQuery(tokensQuery);
	const error = device.error ?? groups.error ?? tokens.error;
	const isKnown = device.data !== undefined && groups.data !== undefined && tokens.data !== undefined;
	const steps = isKnown
		? {
				link: isLinked(device.data),
				star: groups.data.length > 0,
				token: tokens.data.length > 0,
				call: lastUse(tokens.data) !== null,
			}
		: undefined;
	return (
		<>
			<PageHead title={user == null ? words.title : words.hello(user.name)} />
			<ErrorNote error={error} />
			{steps === undefined && error === null && <Loading />}
			{steps !== undefined && <Checklist steps={steps} />}
			{isKnown && (steps?.star === true || steps?.call === true) && (
				<Summary device={device.data} groups={groups.data} tokens={tokens.data} />
			)}
		</>
	);
}
