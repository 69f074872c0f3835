import { Link } from '@tanstack/react-router';
import { Star } from 'lucide-react';
import { groupsWords } from '../../words/groups.ts';
import { useWords } from '../../words/language.tsx';
import { Changes } from '../overview/summary.tsx';
import { ConfirmStar } from './confirm-star.tsx';
import { numberOf, type StarredGroup } from './group-queries.ts';
import { useStar } from './use-star.ts';

export type ListedGroup = {
	jid: string;
	name: string;
	participantCount: number;
	isStarred: boolean;
	/** What the record knows of it, once it is starred. */
	record: StarredGroup | undefined;
};

export function GroupRow({ group }: { group: ListedGroup }) {
	const words = useWords(groupsWords);
	const { mutate, isPending } = useStar();
	const text = (
		<>
			<span className="avatar avatar-group" aria-hidden>
				{[...group.name][0]}
			</span>
			<span className="row-text">
				<bdi className="row-title clip">{group.name}</bdi>
				<span className="soft small">{words.members(group.participantCount)}</span>
			</span>
			{group.record !== undefined && <Changes group={group.record} />}
		</>
	);
	return (
		<div className="row">
			{group.isStarred ? (
				<>
					<Link to="/groups/$number" params={{ number: numberOf(group.jid) }} className="row-main row-link">
						{text}
					</Link>
					<ConfirmStar group={group} />
				</>
			) : (
				<>
					<div className="row-main">{text}</div>
					<button
						type="button"
						className="icon-button star"
						aria-pressed={false}
						aria-label={words.star(group.name)}
						disabled={isPending}
						onClick={() => mutate(group)}
					>
						<Star aria-hidden size={20} />
					</button>
				</>
			)}
		</div>
	);
}
