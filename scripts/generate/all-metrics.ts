import type { MetricInfo } from '@chat-manager/service';
import { metrics as connector } from '../../apps/connector/src/metrics.ts';
import { metrics as gateway } from '../../apps/gateway/src/metrics.ts';
import { metrics as storage } from '../../apps/storage/src/metrics.ts';
import { metrics as webhooks } from '../../apps/webhooks/src/metrics.ts';

const all = { gateway, connector, storage, webhooks };

/** Every metric with the services that have it, in the order in which it is defined. */
export const allMetrics: readonly (MetricInfo & { services: string[] })[] = [
	...new Map(
		Object.values(all).flatMap(({ defined }) =>
			defined.map((metric) => [
				metric.name,
				{
					...metric,
					services: Object.entries(all).flatMap(([service, { defined: own }]) =>
						own.some(({ name }) => name === metric.name) ? [service] : [],
					),
				},
			]),
		),
	).values(),
];

/** The names that stand in the text of a scrape. */
const series = new Map(
	allMetrics.flatMap(({ name, kind, labels }) =>
		(kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]).map(
			(one) => [one, kind === 'histogram' ? [...labels, 'le'] : labels] as const,
		),
	),
);

/** What the scrape itself says of where a series is from. */
const scrapeLabels = ['job', 'instance'];

/** A query as it is, once every metric of ours in it is known to exist, with the labels that are named beside it. */
export function query(promql: string): string {
	for (const [, name = '', selector = ''] of promql.matchAll(/\b(cm_\w+)(\{[^}]*\})?/g)) {
		const labels = series.get(name);
		if (labels === undefined) throw new Error(`No service has the metric ${name}: ${promql}`);
		for (const [, label = ''] of selector.matchAll(/(\w+)\s*(?:=|!=|=~|!~)\s*"/g))
			if (![...labels, ...scrapeLabels].includes(label))
				throw new Error(`${name} has no label ${label}: ${promql}`);
	}
	const grouped = [...promql.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, names = '']) =>
		names.split(/\s*,\s*/),
	);
	const named = new Set([...promql.matchAll(/\bcm_\w+/g)].flatMap(([name]) => series.get(name) ?? []));
	for (const label of grouped)
		if (named.size > 0 && !named.has(label) && !scrapeLabels.includes(label))
			throw new Error(`Nothing in it has the label ${label}: ${promql}`);
	return promql;
}
