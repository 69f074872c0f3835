import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { sessionQuery } from '../api/people.ts';

/** After signing in: forgets what was known of anybody before, and goes where the person wanted to go. */
export function useEnter(next: string | undefined): () => Promise<void> {
	const queryClient = useQueryClient();
	const router = useRouter();
	return async () => {
		queryClient.clear();
		await queryClient.fetchQuery(sessionQuery);
		router.history.push(`${router.basepath}${next ?? '/'}`);
	};
}
