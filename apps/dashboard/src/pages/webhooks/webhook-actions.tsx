import { Dialog } from '@base-ui/react/dialog';
import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Pause, Play, RotateCcw, Send } from 'lucide-react';
import { useState } from 'react';
import { ask } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import { ShownSecret } from './shown-secret.tsx';
import type { Webhook } from './webhook-queries.ts';

const { webhooks, deliveries } = contract.webhooks;
const hourMs = 3_600_000;
/** The ledger goes back 30 days. */
const spansHours = [1, 24, 168, 720] as const;

/** Everything that can be done with an endpoint. */
export function WebhookActions({ webhook: { id, status } }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	const navigate = useNavigate();
	const queryClient = useQueryClient();
	const notice = useNotice();
	const [secret, setSecret] = useState<string>();
	const [span, setSpan] = useState<number>(24);
	const acting = useMutation({
		mutationFn: (act: () => Promise<string | undefined>) => act(),
		onSuccess(said) {
			if (said !== undefined) notice.done(said);
		},
		onError: notice.failed,
		onSettled: () => queryClient.invalidateQueries(),
	});
	const test = () => ask(webhooks.test, { id }).then(() => words.testSent);
	const turn = (operation: typeof webhooks.pause | typeof webhooks.resume) =>
		ask(operation, { id }).then(() => undefined);
	const replay = () =>
		ask(deliveries.replay, {
			webhookId: id,
			since: new Date(Date.now() - span * hourMs).toISOString(),
		}).then(({ count }) => words.replayed(count));
	return (
		<>
			<div className="actions">
				<Button look="primary" disabled={status === 'disabled'} onClick={() => acting.mutate(test)}>
					<Send aria-hidden size={16} />
					{words.test}
				</Button>
				{status === 'active' ? (
					<Button onClick={() => acting.mutate(() => turn(webhooks.pause))}>
						<Pause aria-hidden size={16} />
						{words.pause}
					</Button>
				) : (
					<Button onClick={() => acting.mutate(() => turn(webhooks.resume))}>
						<Play aria-hidden size={16} />
						{words.resume}
					</Button>
				)}
				<ConfirmButton
					label={words.rotate}
					title={words.rotateTitle}
					text={words.rotateText}
					onConfirm={async () => setSecret((await ask(webhooks.rotateSecret, { id })).secret)}
				/>
				<ConfirmButton
					look="quiet"
					label={words.remove}
					title={words.removeTitle}
					text={words.removeText}
					onConfirm={async () => {
						await ask(webhooks.delete, { id });
						await navigate({ to: '/settings/webhooks' });
						await queryClient.invalidateQueries();
						notice.done(words.removed);
					}}
				/>
			</div>
			<div className="actions">
				<Button disabled={status === 'disabled'} onClick={() => acting.mutate(replay)}>
					<RotateCcw aria-hidden size={16} />
					{words.replay}
				</Button>
				<select
					className="select select-quiet"
					aria-label={words.replayHours}
					value={span}
					onChange={({ target }) => setSpan(Number(target.value))}
				>
					{spansHours.map((hours) => (
						<option key={hours} value={hours}>
							{words.replayHours} {words.hours(hours)}
						</option>
					))}
				</select>
			</div>
			<Dialog.Root
				open={secret !== undefined}
				onOpenChange={() => setSecret(undefined)}
				disablePointerDismissal
			>
				{secret !== undefined && <ShownSecret secret={secret} onDone={() => setSecret(undefined)} />}
			</Dialog.Root>
		</>
	);
}
