import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask, keyOf } from '../../api/ask.ts';
import { useNotice } from '../../parts/toasts.tsx';
import { groupsWords } from '../../words/groups.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';

const { star, list } = contract.connector.groups;
const { unstar, listStarred } = contract.storage.groups;

type Named = { jid: string; name: string };

/** Stars a group, and says what follows from it. */
export function useStar() {
	const words = useWords(groupsWords);
	const notice = useNotice();
	const refresh = useRefreshStars();
	return useMutation({
		mutationFn: ({ jid }: Named) => ask(star, { jid }),
		onSuccess: async (_answer, { name }) => {
			notice.done(words.nowStarred(name));
			await refresh();
		},
		onError: notice.failed,
	});
}

/** Removes a star; the caller has asked before. */
export function useUnstar(): (group: Named) => Promise<void> {
	const words = useWords(groupsWords);
	const notice = useNotice();
	const times = useTimes();
	const refresh = useRefreshStars();
	return async ({ jid, name }) => {
		const { messagesDeletedAt } = await ask(unstar, { jid });
		await refresh();
		notice.done(words.unstarred(name, times.day(messagesDeletedAt)));
	};
}

function useRefreshStars(): () => Promise<void> {
	const queryClient = useQueryClient();
	return async () => {
		await Promise.all(
			[keyOf(list), keyOf(listStarred)].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
		);
	};
}
