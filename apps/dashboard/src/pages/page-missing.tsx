import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { Button } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';

export function PageMissing() {
	const words = useWords(partWords);
	return (
		<main className="lonely">
			<EmptyState icon={Compass} title={words.pageNotFound} hint={words.pageNotFoundHint} heading="h1">
				<Link to="/" className="button button-primary">
					{words.toOverview}
				</Link>
			</EmptyState>
		</main>
	);
}

/** What a page shows that could not be loaded; the server may be back in a moment. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
	const words = useWords(partWords);
	const router = useRouter();
	return (
		<main className="lonely">
			<h1>{words.pageFailed}</h1>
			<ErrorNote error={error} />
			<Button
				look="primary"
				onClick={() => {
					reset();
					void router.invalidate();
				}}
			>
				{words.retry}
			</Button>
		</main>
	);
}
