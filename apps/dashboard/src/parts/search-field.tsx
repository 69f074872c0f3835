import { Search, X } from 'lucide-react';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';

export function SearchField(props: { label: string; value: string; onChange: (value: string) => void }) {
	const words = useWords(partWords);
	return (
		<search className="search">
			<Search aria-hidden size={18} />
			<input
				type="text"
				inputMode="search"
				enterKeyHint="search"
				className="input"
				aria-label={props.label}
				placeholder={props.label}
				dir="auto"
				value={props.value}
				onChange={({ target }) => props.onChange(target.value)}
			/>
			{props.value !== '' && (
				<button
					type="button"
					className="icon-button"
					aria-label={words.clearSearch}
					onClick={() => props.onChange('')}
				>
					<X aria-hidden size={16} />
				</button>
			)}
		</search>
	);
}
