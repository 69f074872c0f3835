import { frameWords } from '../words/frame.ts';
import { isLanguage, languages, useLanguage, useWords } from '../words/language.tsx';

export function LanguageSelect() {
	const { language, setLanguage } = useLanguage();
	const words = useWords(frameWords);
	return (
		<select
			className="select select-quiet"
			aria-label={words.language}
			value={language}
			onChange={({ target }) => isLanguage(target.value) && setLanguage(target.value)}
		>
			{Object.entries(languages).map(([tag, name]) => (
				<option key={tag} value={tag}>
					{name}
				</option>
			))}
		</select>
	);
}
