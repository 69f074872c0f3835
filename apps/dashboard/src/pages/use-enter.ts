import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { sessionQuery, updatePerson } from '../api/people.ts';
import { useLanguage } from '../words/language.tsx';

/** After signing in: forgets what was known of anybody before, and goes where the person wanted to go. */
export function useEnter(next: string | undefined): () => Promise<void> {
	const queryClient = useQueryClient();
	const router = useRouter();
	const { language } = useLanguage();
	return async () => {
		queryClient.clear();
		const user = await queryClient.fetchQuery(sessionQuery);
		// From now on mails are in the language that is spoken here; a choice that was made before stays.
		if (user !== null && user.language === null) updatePerson({ language }).catch(() => undefined);
		router.history.push(`${router.basepath}${next ?? '/'}`);
	};
}
