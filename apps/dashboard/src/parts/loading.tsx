import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';

/** Grey lines where something is about to appear. */
export function Loading({ lines = 3 }: { lines?: number }) {
	const words = useWords(partWords);
	const all = Array.from({ length: lines }, (_, line) => `line-${line}`);
	return (
		<div className="loading" role="status" aria-label={words.loading}>
			{all.map((line) => (
				<span key={line} className="loading-line" />
			))}
		</div>
	);
}
