import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Send, Unplug } from 'lucide-react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { VirtualRows } from '../../parts/virtual-rows.tsx';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { webhookWords } from '../../words/webhooks.ts';
import { DeliveryRow } from './delivery-row.tsx';
import { WebhookActions } from './webhook-actions.tsx';
import { deliveriesQuery, type Webhook, webhooksQuery } from './webhook-queries.ts';
import { WebhookBadge } from './webhooks-page.tsx';

/** One endpoint: how it is, what can be done with it, what was posted to it. */
export function WebhookPage() {
	const words = useWords(webhookWords);
	const { id } = useParams({ from: '/shell/settings/webhooks/$id' });
	const { data, error } = useQuery(webhooksQuery);
	const webhook = data?.webhooks.find((one) => one.id === id);
	if (data === undefined) return error === null ? <Loading /> : <ErrorNote error={error} />;
	return (
		<>
			<Link to="/settings/webhooks" className="back">
				<ArrowLeft aria-hidden size={16} />
				{words.back}
			</Link>
			{webhook === undefined ? (
				<EmptyState icon={Unplug} title={words.missing} hint={words.missingHint} heading="h1" />
			) : (
				<Endpoint webhook={webhook} />
			)}
		</>
	);
}

function Endpoint({ webhook }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	const times = useTimes();
	return (
		<>
			<PageHead title={webhook.name} intro={webhook.url}>
				<WebhookBadge webhook={webhook} />
			</PageHead>
			<section className="card stack">
				{webhook.disabledReason !== null && (
					<p className="note note-danger">{words[webhook.disabledReason]}</p>
				)}
				{webhook.disabledReason === null && webhook.failingSince !== null && (
					<p className="note note-danger">{words.failingSince(times.full(webhook.failingSince))}</p>
				)}
				<p className="soft">
					{words.eventCount(webhook.events.length)}: <code>{webhook.events.join(', ')}</code>
				</p>
				<WebhookActions webhook={webhook} />
			</section>
			<h2 className="section-head">{words.deliveries}</h2>
			<Deliveries id={webhook.id} />
		</>
	);
}

function Deliveries({ id }: { id: string }) {
	const words = useWords(webhookWords);
	const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
		deliveriesQuery(id),
	);
	const deliveries = data?.pages.flatMap((page) => page.deliveries) ?? [];
	if (data === undefined) return error === null ? <Loading /> : <ErrorNote error={error} />;
	return (
		<div className="card card-flush">
			<ErrorNote error={error} />
			{deliveries.length === 0 ? (
				<EmptyState icon={Send} title={words.noDeliveries} hint={words.noDeliveriesHint} heading="h3" />
			) : (
				<VirtualRows
					label={words.deliveries}
					items={deliveries}
					keyOf={(delivery) => delivery.id}
					estimateHeightPx={62}
					render={(delivery) => <DeliveryRow delivery={delivery} />}
					onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
				/>
			)}
		</div>
	);
}
