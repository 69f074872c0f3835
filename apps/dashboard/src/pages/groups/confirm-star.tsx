import { Star } from 'lucide-react';
import { Confirm } from '../../parts/confirm-button.tsx';
import { groupsWords } from '../../words/groups.ts';
import { useWords } from '../../words/language.tsx';
import { useUnstar } from './use-star.ts';

/** The star of a starred group: taking it away asks first. */
export function ConfirmStar({ group }: { group: { jid: string; name: string } }) {
	const words = useWords(groupsWords);
	const unstar = useUnstar();
	return (
		<Confirm
			className="icon-button star star-on"
			label={words.unstar(group.name)}
			face={<Star aria-hidden size={20} />}
			title={words.unstarTitle(group.name)}
			text={words.unstarText}
			action={words.unstarAction}
			onConfirm={() => unstar(group)}
		/>
	);
}
