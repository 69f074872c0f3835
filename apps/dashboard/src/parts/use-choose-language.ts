import type { Language } from '@chat-manager/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { sessionQuery, updatePerson } from '../api/people.ts';
import { useLanguage } from '../words/language.tsx';

/** Speaks another language from now on; the mails of somebody who is signed in are written in it too. */
export function useChooseLanguage(): (language: Language) => void {
	const queryClient = useQueryClient();
	const { setLanguage } = useLanguage();
	return (language) => {
		setLanguage(language);
		const user = queryClient.getQueryData(sessionQuery.queryKey);
		// The page speaks it whether the server knows or not.
		if (user != null) updatePerson({ language }).catch(() => undefined);
	};
}
