import { contract } from '@chat-manager/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { ask, keyOf } from '../../api/ask.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { dataWords } from '../../words/data.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';

export function DeleteMessages() {
	const words = useWords(dataWords);
	const times = useTimes();
	const notice = useNotice();
	const queryClient = useQueryClient();
	return (
		<div className="actions">
			<ConfirmButton
				icon={Trash2}
				label={words.deleteMessages}
				title={words.deleteMessagesTitle}
				text={words.deleteMessagesText}
				onConfirm={async () => {
					const { deleted } = await ask(contract.storage.account.deleteMessages, {});
					await queryClient.invalidateQueries({ queryKey: keyOf(contract.storage.messages.list) });
					notice.done(words.messagesDeleted(deleted, times.number(deleted)));
				}}
			/>
		</div>
	);
}
