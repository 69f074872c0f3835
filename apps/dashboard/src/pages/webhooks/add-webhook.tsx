import { Dialog } from '@base-ui/react/dialog';
import { contract, webhookEventTypes } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { ask, keyOf } from '../../api/ask.ts';
import { Modal } from '../../parts/modal.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import { ShownSecret } from './shown-secret.tsx';
import { WebhookForm } from './webhook-form.tsx';

const { add, list } = contract.webhooks.webhooks;
const blank = { url: '', name: 'Webhook', events: webhookEventTypes, groups: null };

/** A new endpoint; its secret is shown this once. */
export function AddWebhook() {
	const words = useWords(webhookWords);
	const queryClient = useQueryClient();
	const [isOpen, setOpen] = useState(false);
	const adding = useMutation({
		mutationFn: (input: z.input<typeof add.input>) => ask(add, input),
		onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(list) }),
		gcTime: 0,
	});
	return (
		<Dialog.Root
			open={isOpen}
			onOpenChange={(open) => {
				setOpen(open);
				if (open) adding.reset();
			}}
			disablePointerDismissal
		>
			<Dialog.Trigger className="button button-primary">
				<Plus aria-hidden size={18} />
				{words.add}
			</Dialog.Trigger>
			{adding.data === undefined ? (
				<Modal title={words.addTitle}>
					<WebhookForm
						schema={add.input}
						read={(endpoint) => endpoint}
						initial={blank}
						action={words.add}
						onValid={(input) => adding.mutate(input)}
						isBusy={adding.isPending}
						error={adding.error}
					/>
				</Modal>
			) : (
				<ShownSecret secret={adding.data.secret} text={words.secretText} onDone={() => setOpen(false)} />
			)}
		</Dialog.Root>
	);
}
