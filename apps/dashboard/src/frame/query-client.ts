import { AppError, errorTable } from '@chat-manager/contracts';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ConnectionLost } from '../api/connection.ts';
import { sessionQuery } from '../api/people.ts';

/** `onSessionEnded` is called when the server no longer knows who asks. */
export function createQueryClient(onSessionEnded: () => void): QueryClient {
	const onError = (error: Error) => {
		const wasSignedIn = client.getQueryData(sessionQuery.queryKey);
		if (!wasSignedIn || !(error instanceof AppError) || error.code !== 'unauthenticated') return;
		client.clear();
		client.setQueryData(sessionQuery.queryKey, null);
		onSessionEnded();
	};
	const client = new QueryClient({
		queryCache: new QueryCache({ onError }),
		// A wrong password is told in its form; no other change is refused in this way while a session lasts.
		mutationCache: new MutationCache({
			onError: (error, _variables, _result, { meta }) => meta?.asksPassword !== true && onError(error),
		}),
		defaultOptions: {
			queries: { retry: mayRetry, staleTime: 2_000, networkMode: 'always' },
			mutations: { networkMode: 'always' },
		},
	});
	return client;
}

/** What the table of errors says can succeed by itself; a server that does not answer is asked until it does. */
function mayRetry(failures: number, error: Error): boolean {
	if (error instanceof ConnectionLost) return true;
	// What is offline or asks to wait is told at once, and asked again at the query's own interval.
	return (
		error instanceof AppError && errorTable[error.code].retry && error.code === 'unavailable' && failures < 3
	);
}
