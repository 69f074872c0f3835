import { webhookEventTypes } from '@chat-manager/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Unplug } from 'lucide-react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Note } from '../../parts/note.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { webhookWords } from '../../words/webhooks.ts';
import { Deliveries } from './deliveries.tsx';
import { WebhookActions } from './webhook-actions.tsx';
import { type Webhook, webhooksQuery } from './webhook-queries.ts';
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
	const hasAll = webhookEventTypes.every((type) => webhook.events.includes(type));
	return (
		<>
			<PageHead title={webhook.name} intro={webhook.url}>
				<WebhookBadge webhook={webhook} />
			</PageHead>
			<section className="card stack">
				<Trouble webhook={webhook} />
				<p className="soft">
					{webhook.groups === null ? words.everyGroup : words.someGroups(webhook.groups.length)} ·{' '}
					{hasAll ? (
						words.everyEvent
					) : (
						<>
							{words.eventCount(webhook.events.length)}: <code>{webhook.events.join(', ')}</code>
						</>
					)}
				</p>
				<WebhookActions webhook={webhook} />
			</section>
			<Deliveries id={webhook.id} />
		</>
	);
}

/** Why nothing is posted, or why it may soon not be, and what to do. */
function Trouble({ webhook }: { webhook: Webhook }) {
	const words = useWords(webhookWords);
	const times = useTimes();
	const { status, disabledReason, failingSince } = webhook;
	if (disabledReason !== null) return <Note look="danger">{words[disabledReason]}</Note>;
	if (failingSince !== null) return <Note look="danger">{words.failingSince(times.full(failingSince))}</Note>;
	return status === 'paused' ? <Note look="warm">{words.pausedText}</Note> : null;
}
