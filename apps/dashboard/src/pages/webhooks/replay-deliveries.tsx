import { contract } from '@chat-manager/contracts';
import { useMutation } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { ask } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import type { Webhook } from './webhook-queries.ts';

const { replay } = contract.webhooks.deliveries;
const dayMs = 86_400_000;

/** Posts again what an endpoint missed, or all of a time. It begins with when the endpoint began to fail. */
export function ReplayDeliveries({ webhook }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	return (
		<FormDialog
			icon={RotateCcw}
			label={words.replay}
			title={words.replayTitle}
			text={words.replayText}
			disabled={webhook.status === 'disabled'}
		>
			{(close) => <ReplayForm webhook={webhook} onDone={close} />}
		</FormDialog>
	);
}

function ReplayForm({ webhook, onDone }: { webhook: Webhook; onDone: () => void }) {
	const words = useWords(webhookWords);
	const notice = useNotice();
	const [only, setOnly] = useState<'missed' | 'all'>('missed');
	const replaying = useMutation({
		mutationFn: (input: z.input<typeof replay.input>) => ask(replay, input),
		onSuccess({ count }) {
			onDone();
			notice.done(words.replayed(count));
		},
	});
	const since = webhook.failingSince ?? new Date(Date.now() - dayMs).toISOString();
	return (
		<ContractForm
			schema={replay.input}
			read={({ since: from = '', until = '' }) => ({
				webhookId: webhook.id,
				since: toInstant(from),
				until: until === '' ? undefined : toInstant(until),
				only,
			})}
			faultOf={{ since: words.replayTimeFault, until: words.replayTimeFault }}
			onValid={(input) => replaying.mutate(input)}
		>
			<ErrorNote error={replaying.error} />
			<TextField name="since" type="datetime-local" label={words.replayFrom} defaultValue={toLocal(since)} />
			<TextField name="until" type="datetime-local" label={words.replayUntil} hint={words.replayUntilHint} />
			<Choice.Group name="only" label={words.deliveries}>
				<Choice.One
					name="only"
					label={words.replayMissed}
					hint={words.replayMissedHint}
					isOn={only === 'missed'}
					onChoose={() => setOnly('missed')}
				/>
				<Choice.One
					name="only"
					label={words.replayAll}
					isOn={only === 'all'}
					onChoose={() => setOnly('all')}
				/>
			</Choice.Group>
			<div className="dialog-actions">
				<Button type="submit" look="primary" isBusy={replaying.isPending}>
					{words.replay}
				</Button>
			</div>
		</ContractForm>
	);
}

/** A field's time, which is local, as an instant; what is none stays as it is and is found at fault. */
function toInstant(local: string): string {
	const date = new Date(local);
	return Number.isNaN(date.getTime()) ? local : date.toISOString();
}

function toLocal(instant: string): string {
	const date = new Date(instant);
	return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
