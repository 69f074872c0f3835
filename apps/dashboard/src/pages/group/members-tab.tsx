import { useInfiniteQuery } from '@tanstack/react-query';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { VirtualRows } from '../../parts/virtual-rows.tsx';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { type Member, membersQuery } from './group-data.ts';
import { Initial, PersonName } from './person-name.tsx';

/** Who is in the group, with role, last message and count. */
export function MembersTab({ jid }: { jid: string }) {
	const words = useWords(groupWords);
	const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage } = useInfiniteQuery(
		membersQuery(jid),
	);
	const members = data?.pages.flatMap((page) => page.participants) ?? [];
	const isLive = data?.pages.every(({ live }) => live) ?? true;
	return (
		<div className="tab-body">
			<ErrorNote error={error} />
			{!isLive && <p className="note note-warm">{words.notLive}</p>}
			{isPending && error === null && <Loading lines={6} />}
			{members.length > 0 && (
				<div className="card card-flush">
					<VirtualRows
						label={words.members}
						items={members}
						keyOf={({ jid: member }) => member}
						estimateHeightPx={62}
						render={(member) => <MemberRow member={member} />}
						onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
					/>
				</div>
			)}
		</div>
	);
}

function MemberRow({ member }: { member: Member }) {
	const words = useWords(groupWords);
	const times = useTimes();
	const { name, phone, role, messageCount, lastMessageAt } = member;
	return (
		<div className="row">
			<Initial person={member} />
			<div className="row-text">
				<p className="row-title">
					<span className="clip">
						<PersonName person={member} />
					</span>
					{role !== 'member' && <span className="pill">{words[role]}</span>}
				</p>
				{name !== null && phone !== null && <p className="soft small">{phone}</p>}
			</div>
			<p className="soft small row-end">
				{words.messageCount(messageCount)}
				{lastMessageAt !== null && <br />}
				{lastMessageAt !== null && words.lastMessage(times.relative(lastMessageAt))}
			</p>
		</div>
	);
}
