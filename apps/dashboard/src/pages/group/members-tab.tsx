import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Note } from '../../parts/note.tsx';
import { useAllPages } from '../../parts/use-all-pages.ts';
import { VirtualRows } from '../../parts/virtual-rows.tsx';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { deviceQuery } from '../device/device-query.ts';
import { type Member, type MemberPage, membersQuery } from './group-data.ts';
import { Initial, PersonName } from './person-name.tsx';

const membersOf = ({ participants }: MemberPage) => participants;
const jidOf = ({ jid }: Member) => jid;

/** Who is in the group, with role, last message and count. */
export function MembersTab({ jid }: { jid: string }) {
	const words = useWords(groupWords);
	const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage } = useInfiniteQuery(
		membersQuery(jid),
	);
	const { data: device } = useQuery(deviceQuery);
	const members = useAllPages(data?.pages, membersOf);
	const isLive = data?.pages.every(({ live }) => live) ?? true;
	return (
		<div className="tab-body">
			<ErrorNote error={error} />
			{!isLive && <Note look="warm">{words.notLive}</Note>}
			{isPending && error === null && <Loading lines={6} />}
			{members.length > 0 && (
				<div className="card card-flush">
					<VirtualRows
						label={words.members}
						items={members}
						keyOf={jidOf}
						estimateHeightPx={62}
						render={(member) => (
							<MemberRow member={member} isYou={member.phone !== null && member.phone === device?.phone} />
						)}
						onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
					/>
				</div>
			)}
		</div>
	);
}

function MemberRow({ member, isYou }: { member: Member; isYou: boolean }) {
	const words = useWords(groupWords);
	const times = useTimes();
	const { name, phone, role, messageCount, lastMessageAt } = member;
	return (
		<div className="row">
			<Initial person={member} />
			<div className="row-text">
				<p className="row-title">
					<span className="clip">
						<PersonName person={{ ...member, isYou }} />
					</span>
					{role !== 'member' && <span className="pill">{words[role]}</span>}
				</p>
				{(isYou || name !== null) && phone !== null && <p className="soft small">{phone}</p>}
			</div>
			<p className="soft small row-end">
				{words.messageCount(messageCount)}
				{lastMessageAt !== null && <br />}
				{lastMessageAt !== null && words.lastMessage(times.relative(lastMessageAt))}
			</p>
		</div>
	);
}
