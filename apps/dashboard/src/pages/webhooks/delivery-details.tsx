import { contract, DeliveryFault } from '@chat-manager/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Modal } from '../../parts/modal.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { deliveryFaultWords } from '../../words/delivery-faults.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { webhookWords } from '../../words/webhooks.ts';
import { deliveryQuery } from './webhook-queries.ts';

/** What is posted, what was answered each time, and once more. Asked for only while it is open. */
export function DeliveryDetails({ id, title }: { id: string; title: string }) {
	return (
		<Modal title={title}>
			<Details id={id} />
		</Modal>
	);
}

function Details({ id }: { id: string }) {
	const words = useWords(webhookWords);
	const faults = useWords(deliveryFaultWords);
	const times = useTimes();
	const notice = useNotice();
	const queryClient = useQueryClient();
	const { data, error } = useQuery(deliveryQuery(id));
	const resending = useMutation({
		mutationFn: () => ask(contract.webhooks.deliveries.resend, { id }),
		onSuccess: async () => {
			notice.done(words.resent);
			await queryClient.invalidateQueries();
		},
		onError: notice.failed,
	});
	if (data === undefined) return error === null ? <Loading /> : <ErrorNote error={error} />;
	return (
		<div className="stack">
			<ul className="rows">
				{data.log.map(({ number, at, status, latencyMs, fault, answer }) => (
					<li key={`${number} ${at}`} className="attempt">
						<p>
							<strong>{words.attempt(number)}</strong> · {times.full(at)} · {times.number(latencyMs)} ms ·{' '}
							{status === null ? words.noAnswer : `HTTP ${status}`}
						</p>
						{fault !== null && <p className="fault">{inWords(fault, faults)}</p>}
						{answer !== null && answer !== '' && (
							<details className="more">
								<summary>{words.answer}</summary>
								<Text text={answer} />
							</details>
						)}
					</li>
				))}
			</ul>
			<h3>{words.body}</h3>
			<Text text={readable(data.body)} />
			<div className="dialog-actions">
				<Button look="primary" isBusy={resending.isPending} onClick={() => resending.mutate()}>
					{words.resend}
				</Button>
			</div>
		</div>
	);
}

function Text({ text }: { text: string }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
		<pre className="code" tabIndex={0}>
			{text}
		</pre>
	);
}

/** A newer version may tell of a fault that has no words here. */
function inWords(fault: string, words: Record<DeliveryFault, string>): string {
	const known = DeliveryFault.safeParse(fault);
	return known.success ? words[known.data] : fault;
}

/** JSON over several lines; anything else as it is. */
function readable(body: string): string {
	try {
		return JSON.stringify(JSON.parse(body), null, 2);
	} catch {
		return body;
	}
}
