import { Dialog } from '@base-ui/react/dialog';
import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { ask, keyOf } from '../../api/ask.ts';
import { Modal } from '../../parts/modal.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import { WebhookForm } from './webhook-form.tsx';
import type { Webhook } from './webhook-queries.ts';

const { update, list } = contract.webhooks.webhooks;

/** Changes where an endpoint is and what it is told; its secret and its deliveries stay. */
export function EditWebhook({ webhook }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const [isOpen, setOpen] = useState(false);
	const saving = useMutation({
		mutationFn: (input: z.input<typeof update.input>) => ask(update, input),
		async onSuccess() {
			await queryClient.invalidateQueries({ queryKey: keyOf(list) });
			setOpen(false);
			notice.done(words.saved);
		},
	});
	return (
		<Dialog.Root
			open={isOpen}
			onOpenChange={(open) => {
				setOpen(open);
				saving.reset();
			}}
		>
			<Dialog.Trigger className="button button-plain">
				<Pencil aria-hidden size={16} />
				{words.edit}
			</Dialog.Trigger>
			<Modal title={words.editTitle}>
				<WebhookForm
					schema={update.input}
					read={(endpoint) => ({ id: webhook.id, ...endpoint })}
					initial={webhook}
					action={words.save}
					onValid={(input) => saving.mutate(input)}
					isBusy={saving.isPending}
					error={saving.error}
				/>
			</Modal>
		</Dialog.Root>
	);
}
