import { Dialog } from '@base-ui/react/dialog';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { webhookWords } from '../../words/webhooks.ts';
import { DeliveryDetails } from './delivery-details.tsx';
import type { Delivery } from './webhook-queries.ts';

const tones: Readonly<Record<Delivery['state'], string>> = {
	pending: 'pill',
	held: 'pill',
	delivered: 'pill pill-good',
	given_up: 'pill pill-bad',
	cancelled: 'pill pill-bad',
};

/** One delivery; it opens with its body and every attempt. */
export function DeliveryRow({ delivery }: { delivery: Delivery }) {
	const words = useWords(webhookWords);
	const times = useTimes();
	const { type, createdAt, attempts, nextAttemptAt, state } = delivery;
	return (
		<Dialog.Root>
			<Dialog.Trigger className="row row-link row-button">
				<span className="row-text">
					<code className="row-title clip">{type}</code>
					<span className="soft small">
						{times.full(createdAt)} · {words.attempts(attempts)}
						{nextAttemptAt !== null && state === 'pending' && attempts > 0 && (
							<> · {words.next(times.relative(nextAttemptAt))}</>
						)}
					</span>
				</span>
				<span className={tones[state]}>{words[state]}</span>
			</Dialog.Trigger>
			<DeliveryDetails id={delivery.id} title={type} />
		</Dialog.Root>
	);
}
