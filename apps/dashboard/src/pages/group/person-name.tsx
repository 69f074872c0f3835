import { UserRound } from 'lucide-react';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';

type Somebody = { name: string | null; phone: string | null; isYou?: boolean };

/** A member as people know them: by name, else by number. Written by members, so never trusted to run one way. */
export function PersonName({ person }: { person: Somebody }) {
	const words = useWords(groupWords);
	return <bdi>{nameOf(person, words)}</bdi>;
}

export function Initial({ person }: { person: Somebody }) {
	return (
		<span className="avatar" aria-hidden>
			{[...(person.name?.trim() ?? '')][0]?.toUpperCase() ?? <UserRound size={18} />}
		</span>
	);
}

function nameOf({ name, phone, isYou = false }: Somebody, words: { you: string; somebody: string }): string {
	if (isYou) return words.you;
	return name ?? phone ?? words.somebody;
}
