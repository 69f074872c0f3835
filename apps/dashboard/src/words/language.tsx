import type { Language } from '@chat-manager/contracts';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { recall, remember } from '../frame/remember.ts';

/** What the dashboard speaks; each in its own words. */
export const languages: Readonly<Record<Language, string>> = {
	en: 'English',
	es: 'Español',
	pt: 'Português',
};

/** The words of one area in every language; a missing or additional one does not compile. */
export type Words<English> = Readonly<Record<Language, Readonly<English>>>;

type LanguageChoice = { readonly language: Language; setLanguage(language: Language): void };

const LanguageContext = createContext<LanguageChoice>({ language: 'en', setLanguage: () => undefined });

export function LanguageProvider({ children }: { children: ReactNode }) {
	const [language, setLanguage] = useState<Language>(firstLanguage);
	useEffect(() => {
		document.documentElement.lang = language;
	}, [language]);
	const choice = useMemo(
		() => ({
			language,
			setLanguage(next: Language) {
				remember('language', next);
				setLanguage(next);
			},
		}),
		[language],
	);
	return <LanguageContext value={choice}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageChoice {
	return use(LanguageContext);
}

/** The words of an area in the person's language. */
export function useWords<English>(words: Words<English>): Readonly<English> {
	return words[useLanguage().language];
}

/** What was chosen here before, else the first of the browser's languages that we speak. */
function firstLanguage(): Language {
	const wanted = [recall('language') ?? '', ...navigator.languages].map((tag) =>
		tag.slice(0, 2).toLowerCase(),
	);
	return wanted.find(isLanguage) ?? 'en';
}

export function isLanguage(tag: string): tag is Language {
	return Object.hasOwn(languages, tag);
}
