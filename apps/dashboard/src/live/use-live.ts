import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { openLive } from './live-connection.ts';
import { createRefresher } from './refresher.ts';

/** Keeps everything that is shown as it is, for as long as somebody is signed in. */
export function useLive(): void {
	const queryClient = useQueryClient();
	useEffect(() => {
		const refresher = createRefresher(queryClient);
		const { refresh, refreshAll } = refresher;
		// After the end of a session whatever is read is refused, and leads to signing in; with another in its place it is answered.
		const live = openLive({ onStale: refreshAll, onChanges: refresh, onEnded: refreshAll });
		return () => {
			live[Symbol.dispose]();
			refresher[Symbol.dispose]();
		};
	}, [queryClient]);
}
