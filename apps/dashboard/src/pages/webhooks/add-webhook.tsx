import { Dialog } from '@base-ui/react/dialog';
import { contract, webhookEventTypes } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { ask, keyOf } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Modal } from '../../parts/modal.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import { ShownSecret } from './shown-secret.tsx';

const { add, list } = contract.webhooks.webhooks;

/** A new endpoint; its secret is shown this once. */
export function AddWebhook() {
	const words = useWords(webhookWords);
	const queryClient = useQueryClient();
	const [isOpen, setOpen] = useState(false);
	const [events, setEvents] = useState<ReadonlySet<string>>(new Set(webhookEventTypes));
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
					<ContractForm
						schema={add.input}
						read={({ url, name }) => ({ url, name, events: [...events] })}
						faultOf={{ url: words.urlFault, name: words.nameFault, events: words.eventsMissing }}
						onValid={(input) => adding.mutate(input)}
					>
						<ErrorNote error={adding.error} />
						<TextField
							name="url"
							label={words.url}
							hint={words.urlHint}
							inputMode="url"
							autoComplete="off"
							placeholder="https://example.com/hooks"
							autoFocus
						/>
						<TextField name="name" label={words.name} defaultValue="Webhook" autoComplete="off" dir="auto" />
						<Choice.Group name="events" label={words.events}>
							{webhookEventTypes.map((type) => (
								<Choice.Box
									key={type}
									label={<code>{type}</code>}
									isOn={events.has(type)}
									onChange={(isOn) =>
										setEvents(new Set([...events].filter((one) => one !== type).concat(isOn ? [type] : [])))
									}
								/>
							))}
						</Choice.Group>
						<div className="dialog-actions">
							<Button type="submit" look="primary" isBusy={adding.isPending}>
								{words.add}
							</Button>
						</div>
					</ContractForm>
				</Modal>
			) : (
				<ShownSecret secret={adding.data.secret} onDone={() => setOpen(false)} />
			)}
		</Dialog.Root>
	);
}
