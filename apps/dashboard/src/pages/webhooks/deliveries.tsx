import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { SearchX, Send } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useAllPages } from '../../parts/use-all-pages.ts';
import { VirtualRows } from '../../parts/virtual-rows.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import { DeliveryRow } from './delivery-row.tsx';
import { type Delivery, deliveriesQuery, deliveryStates } from './webhook-queries.ts';

const deliveriesOf = ({ deliveries }: { deliveries: readonly Delivery[] }) => deliveries;
const idOf = ({ id }: Delivery) => id;

/** What was posted to an endpoint, newest first, by what became of it. */
export function Deliveries({ id }: { id: string }) {
	const words = useWords(webhookWords);
	const [state, setState] = useState<Delivery['state']>();
	const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
		...deliveriesQuery(id, state),
		placeholderData: keepPreviousData,
	});
	const deliveries = useAllPages(data?.pages, deliveriesOf);
	return (
		<section>
			<div className="section-head">
				<h2>{words.deliveries}</h2>
				<select
					className="select select-quiet"
					aria-label={words.state}
					value={state ?? ''}
					onChange={({ target }) => setState(deliveryStates.find((one) => one === target.value))}
				>
					<option value="">{words.anyState}</option>
					{deliveryStates.map((one) => (
						<option key={one} value={one}>
							{words[one]}
						</option>
					))}
				</select>
			</div>
			<ErrorNote error={error} />
			{data === undefined && error === null && <Loading />}
			{data !== undefined && (
				<div className="card card-flush">
					{deliveries.length > 0 ? (
						<VirtualRows
							label={words.deliveries}
							items={deliveries}
							keyOf={idOf}
							estimateHeightPx={62}
							render={(delivery) => <DeliveryRow delivery={delivery} />}
							onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
						/>
					) : state === undefined ? (
						<EmptyState icon={Send} title={words.noDeliveries} hint={words.noDeliveriesHint} heading="h3" />
					) : (
						<EmptyState
							icon={SearchX}
							title={words.noneLikeThat}
							hint={words.noneLikeThatHint}
							heading="h3"
						/>
					)}
				</div>
			)}
		</section>
	);
}
