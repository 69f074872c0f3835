import { Tabs } from '@base-ui/react/tabs';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, StarOff } from 'lucide-react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { groupWords } from '../../words/group.ts';
import { historyWords } from '../../words/group-history.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { ConfirmStar } from '../groups/confirm-star.tsx';
import { jidOf } from '../groups/group-queries.ts';
import { ChangesTab } from './changes-tab.tsx';
import { EditGroup } from './edit-group.tsx';
import { groupQuery, isNotStarred } from './group-data.ts';
import { HistoryTab } from './history-tab.tsx';
import { InviteLink } from './invite-link.tsx';
import { MembersTab } from './members-tab.tsx';
import { MessagesTab } from './messages-tab.tsx';

/** A starred group: what is said in it, who is in it, who came and went. */
export function GroupPage() {
	const words = useWords(groupWords);
	const history = useWords(historyWords);
	const times = useTimes();
	const { number } = useParams({ from: '/shell/groups/$number' });
	const { tab = 'messages' } = useSearch({ from: '/shell/groups/$number' });
	const navigate = useNavigate({ from: '/groups/$number' });
	const jid = jidOf(number);
	const { data: group, error } = useQuery(groupQuery(jid));
	if (isNotStarred(error))
		return (
			<EmptyState icon={StarOff} title={words.notStarred} hint={words.notStarredHint} heading="h1">
				<Link to="/groups" className="button button-primary">
					{words.toGroups}
				</Link>
			</EmptyState>
		);
	if (group === undefined) return error === null ? <Loading /> : <ErrorNote error={error} />;
	const changeCount = group.pendingChanges.joined + group.pendingChanges.left;
	return (
		<>
			<Link to="/groups" className="back">
				<ArrowLeft aria-hidden size={16} />
				{words.backToGroups}
			</Link>
			<PageHead title={group.name}>
				<InviteLink jid={jid} />
				<EditGroup group={group} />
				<ConfirmStar group={group} />
			</PageHead>
			<p className="soft group-facts">
				{words.memberCount(group.participantCount)} · {words.starredSince(times.day(group.starredAt))}
			</p>
			{group.description !== null && group.description !== '' && (
				<p className="group-description" dir="auto">
					{group.description}
				</p>
			)}
			<ErrorNote error={error} />
			<Tabs.Root
				className="tabs"
				value={tab}
				onValueChange={(value) => void navigate({ search: { tab: value }, replace: true })}
			>
				<Tabs.List className="tab-list">
					<Tabs.Tab value="messages" className="tab">
						{words.messages}
					</Tabs.Tab>
					<Tabs.Tab value="members" className="tab">
						{words.members}
					</Tabs.Tab>
					<Tabs.Tab value="changes" className="tab">
						{words.changes}
						{changeCount > 0 && <span className="pill pill-good">{times.number(changeCount)}</span>}
					</Tabs.Tab>
					<Tabs.Tab value="history" className="tab">
						{history.history}
					</Tabs.Tab>
				</Tabs.List>
				<Tabs.Panel value="messages">
					<MessagesTab jid={jid} />
				</Tabs.Panel>
				<Tabs.Panel value="members">
					<MembersTab jid={jid} />
				</Tabs.Panel>
				<Tabs.Panel value="changes">
					<ChangesTab jid={jid} />
				</Tabs.Panel>
				<Tabs.Panel value="history">
					<HistoryTab jid={jid} />
				</Tabs.Panel>
			</Tabs.Root>
		</>
	);
}
