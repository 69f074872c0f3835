import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Webhook as WebhookIcon } from 'lucide-react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { webhookWords } from '../../words/webhooks.ts';
import { AddWebhook } from './add-webhook.tsx';
import { type Webhook, webhooksQuery } from './webhook-queries.ts';

/** The person's endpoints. */
export function WebhooksPage() {
	const words = useWords(webhookWords);
	const { data, error } = useQuery(webhooksQuery);
	return (
		<>
			<PageHead title={words.title} intro={words.intro}>
				<AddWebhook />
			</PageHead>
			<ErrorNote error={error} />
			<div className="card card-flush">
				{data === undefined ? (
					error === null && <Loading />
				) : data.webhooks.length === 0 ? (
					<EmptyState icon={WebhookIcon} title={words.empty} hint={words.emptyHint} />
				) : (
					<ul className="rows">
						{data.webhooks.map((webhook) => (
							<li key={webhook.id}>
								<Row webhook={webhook} />
							</li>
						))}
					</ul>
				)}
			</div>
		</>
	);
}

function Row({ webhook }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	const times = useTimes();
	const { id, name, url, lastDeliveryAt } = webhook;
	return (
		<Link to="/settings/webhooks/$id" params={{ id }} className="row row-link">
			<span className="avatar avatar-group" aria-hidden>
				<WebhookIcon size={18} />
			</span>
			<span className="row-text">
				<bdi className="row-title clip">{name}</bdi>
				<span className="soft small clip">{url}</span>
				<span className="soft small">
					{lastDeliveryAt === null ? words.noDelivery : words.lastDelivery(times.relative(lastDeliveryAt))}
				</span>
			</span>
			<WebhookBadge webhook={webhook} />
		</Link>
	);
}

export function WebhookBadge({ webhook: { status, failingSince } }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	const isBad = status === 'disabled' || failingSince !== null;
	return (
		<span className="badge" data-tone={isBad ? 'bad' : status === 'active' ? 'good' : 'busy'}>
			<span className="dot" aria-hidden />
			{status === 'active' && failingSince !== null ? words.isFailing : words[status]}
		</span>
	);
}
