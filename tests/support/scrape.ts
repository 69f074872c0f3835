import { parser } from '@prometheus-io/lezer-promql';
import parse from 'parse-prometheus-text-format';
import { z } from 'zod';

const Family = z.object({
	name: z.string(),
	help: z.string().min(1),
	type: z.string(),
	metrics: z.array(z.unknown()),
});
type Series = { name: string; labels: Record<string, string>; value: number };

export type Scrape = {
	families: z.infer<typeof Family>[];
	series: Series[];
	/** The sum of all series with these labels, for a histogram how often; undefined when there is none. */
	sum(name: string, labels?: Record<string, string>): number | undefined;
};

/** What Prometheus would read of a service at this moment. */
export async function scrape(port: number): Promise<Scrape> {
	const response = await fetch(`http://127.0.0.1:${port}/metrics`);
	if (!response.ok) throw new Error(`/metrics answered ${response.status}: ${await response.text()}`);
	const text = await response.text();
	const families = z.array(Family).min(1).parse(parse(text));
	const isHistogram = new Set(families.filter(({ type }) => type === 'HISTOGRAM').map(({ name }) => name));
	const series = text
		.split('\n')
		.flatMap((line) => (line === '' || line.startsWith('#') ? [] : [readSeries(line)]));
	return {
		families,
		series,
		sum(name, labels = {}) {
			const wanted = isHistogram.has(name) ? `${name}_count` : name;
			const fitting = series.filter(
				(one) =>
					one.name === wanted &&
					Object.entries(labels).every(([label, value]) => one.labels[label] === value),
			);
			return fitting.length === 0 ? undefined : fitting.reduce((sum, { value }) => sum + value, 0);
		},
	};
}

/** The names of a family's series; a family that has none at the moment has its names all the same. */
export function seriesOf({ name, type }: { name: string; type: string }): string[] {
	return type === 'HISTOGRAM' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name];
}

/** One line: a series, written as in PromQL and read by its grammar, and a float, which may be NaN. */
function readSeries(line: string): Series {
	const space = line.lastIndexOf(' ');
	const selector = line.slice(0, space);
	const labels: Record<string, string> = {};
	let name = '';
	let label = '';
	parser.parse(selector).iterate({
		enter({ type, from, to }) {
			const text = selector.slice(from, to);
			if (type.isError) throw new Error(`Not a series: ${line}`);
			if (type.name === 'Identifier') name = text;
			if (type.name === 'LabelName') label = text;
			if (type.name === 'StringLiteral') labels[label] = z.string().parse(JSON.parse(text));
		},
	});
	return { name, labels, value: Number(line.slice(space + 1)) };
}
