import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import type { z } from 'zod';
import { ask, keyOf } from '../../api/ask.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import { WebhookForm } from './webhook-form.tsx';
import type { Webhook } from './webhook-queries.ts';

const { update, list } = contract.webhooks.webhooks;

/** Changes where an endpoint is and what it is told; its secret and its deliveries stay. */
export function EditWebhook({ webhook }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	return (
		<FormDialog icon={Pencil} label={words.edit} title={words.editTitle}>
			{(close) => <EditForm webhook={webhook} onDone={close} />}
		</FormDialog>
	);
}

function EditForm({ webhook, onDone }: { webhook: Webhook; onDone: () => void }) {
	const words = useWords(webhookWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const { mutate, isPending, error } = useMutation({
		mutationFn: (input: z.input<typeof update.input>) => ask(update, input),
		async onSuccess() {
			await queryClient.invalidateQueries({ queryKey: keyOf(list) });
			onDone();
			notice.done(words.saved);
		},
	});
	return (
		<WebhookForm
			schema={update.input}
			read={(endpoint) => ({ id: webhook.id, ...endpoint })}
			initial={webhook}
			action={words.save}
			onValid={(input) => mutate(input)}
			isBusy={isPending}
			error={error}
		/>
	);
}
