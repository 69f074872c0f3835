import { Dialog } from '@base-ui/react/dialog';
import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { KeyRound, Pause, Play, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ask, keyOf } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { webhookWords } from '../../words/webhooks.ts';
import { EditWebhook } from './edit-webhook.tsx';
import { ReplayDeliveries } from './replay-deliveries.tsx';
import { ShownSecret } from './shown-secret.tsx';
import type { Webhook } from './webhook-queries.ts';

const { webhooks } = contract.webhooks;

/** Everything that can be done with an endpoint. */
export function WebhookActions({ webhook }: { webhook: Webhook }) {
	const { id, status } = webhook;
	const words = useWords(webhookWords);
	const times = useTimes();
	const navigate = useNavigate();
	const queryClient = useQueryClient();
	const notice = useNotice();
	const [shown, setShown] = useState<{ secret: string; oldSecretSignsUntil: string }>();
	const refresh = () => queryClient.invalidateQueries({ queryKey: keyOf(webhooks.list) });
	const testing = useMutation({
		mutationFn: () => ask(webhooks.test, { id }),
		onSuccess: () => notice.done(words.testSent),
		onError: notice.failed,
	});
	const turning = useMutation({
		mutationFn: () => ask(status === 'active' ? webhooks.pause : webhooks.resume, { id }),
		onError: notice.failed,
		onSettled: refresh,
	});
	return (
		<>
			<div className="actions">
				{status === 'active' ? (
					<>
						<Button look="primary" isBusy={testing.isPending} onClick={() => testing.mutate()}>
							<Send aria-hidden size={16} />
							{words.test}
						</Button>
						<Button isBusy={turning.isPending} onClick={() => turning.mutate()}>
							<Pause aria-hidden size={16} />
							{words.pause}
						</Button>
					</>
				) : (
					<Button look="primary" isBusy={turning.isPending} onClick={() => turning.mutate()}>
						<Play aria-hidden size={16} />
						{words.resume}
					</Button>
				)}
				<EditWebhook webhook={webhook} />
				<ReplayDeliveries webhook={webhook} />
				<ConfirmButton
					label={words.rotate}
					icon={KeyRound}
					title={words.rotateTitle}
					text={words.rotateText}
					onConfirm={async () => setShown(await ask(webhooks.rotateSecret, { id }))}
				/>
				<ConfirmButton
					look="quiet"
					label={words.remove}
					icon={Trash2}
					title={words.removeTitle}
					text={words.removeText}
					onConfirm={async () => {
						await ask(webhooks.delete, { id });
						await navigate({ to: '/settings/webhooks' });
						await refresh();
						notice.done(words.removed);
					}}
				/>
			</div>
			<Dialog.Root
				open={shown !== undefined}
				onOpenChange={() => setShown(undefined)}
				disablePointerDismissal
			>
				{shown !== undefined && (
					<ShownSecret
						secret={shown.secret}
						text={words.secretText}
						note={words.oldSigns(times.full(shown.oldSecretSignsUntil))}
						onDone={() => setShown(undefined)}
					/>
				)}
			</Dialog.Root>
		</>
	);
}
