import { frameWords } from '../words/frame.ts';
import { isLanguage, languages, useLanguage, useWords } from '../words/language.tsx';
import { useChooseLanguage } from './use-choose-language.ts';

export function LanguageSelect() {
	const { language } = useLanguage();
	const chooseLanguage = useChooseLanguage();
	const words = useWords(frameWords);
	return (
		<select
			className="select select-quiet"
			aria-label={words.language}
			value={language}
			onChange={({ target }) => isLanguage(target.value) && chooseLanguage(target.value)}
		>
			{Object.entries(languages).map(([tag, name]) => (
				<option key={tag} value={tag}>
					{name}
				</option>
			))}
		</select>
	);
}
