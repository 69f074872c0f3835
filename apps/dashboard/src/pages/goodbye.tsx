import { Link } from '@tanstack/react-router';
import { dataWords } from '../words/data.ts';
import { useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';

/** What a person sees last. */
export function GoodbyePage() {
	const words = useWords(dataWords);
	return (
		<EntryFrame title={words.goneTitle} intro={words.goneText}>
			<p>
				<Link to="/sign-in">{words.toSignIn}</Link>
			</p>
		</EntryFrame>
	);
}
