import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The metrics of one service, for Prometheus. Each service defines them in one module of its own (`metrics.ts`), so that the table
 * of the documentation, the dashboard and the alerts can be made of them and cannot name one that does not exist. A label takes
 * a few known values (an operation, a code, a state); never an id, a JID or anything else without end.
 */
export type Metrics = {
	counter<L extends string>(name: string, help: string, labels?: readonly L[]): CounterMetric<L>;
	/** In seconds. */
	duration<L extends string>(name: string, help: string, options?: DurationOptions<L>): DurationMetric<L>;
	/** Read when somebody looks. */
	gauge<L extends string>(name: string, help: string, labels?: readonly L[]): GaugeMetric<L>;
	/** All as Prometheus reads it. */
	render(): Promise<string>;
	readonly contentType: string;
	/** What is defined here, in that order; without what Node tells of the process. */
	readonly defined: readonly MetricInfo[];
};

type Labels<L extends string> = Readonly<Record<L, string>>;
export type CounterMetric<L extends string = never> = { add(labels: Labels<L>, count?: number): void };
export type DurationMetric<L extends string = never> = { observe(labels: Labels<L>, ms: number): void };
export type GaugeMetric<L extends string = never> = {
	/** From now on the gauge shows what this gives; until it is disposed, or another one takes its place. */
	show(read: () => Reading<L> | Promise<Reading<L>>): Disposable;
};
/** A value for each set of labels. One that cannot be read leaves its gauge out: unknown is not zero. */
type Reading<L extends string> = readonly { labels: Labels<L>; value: number }[];
export type DurationOptions<L extends string> = { labels?: readonly L[]; bucketsSeconds?: readonly number[] };
export type MetricInfo = {
	name: string;
	kind: 'counter' | 'histogram' | 'gauge';
	help: string;
	labels: string[];
};

const defaultBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
	const registry = new Registry();
	const defined: MetricInfo[] = [];
	let showsProcess = false;

	function define(kind: MetricInfo['kind'], name: string, help: string, labels: readonly string[]) {
		defined.push({ name, kind, help, labels: [...labels] });
		return { name, help, labelNames: [...labels], registers: [registry] };
	}

	return {
		defined,
		contentType: registry.contentType,
		counter(name, help, labels = []) {
			const counter = new Counter(define('counter', name, help, labels));
			return { add: (values, count = 1) => counter.inc(values, count) };
		},
		duration(name, help, { labels = [], bucketsSeconds = defaultBuckets } = {}) {
			const buckets = [...bucketsSeconds];
			const histogram = new Histogram({ ...define('histogram', name, help, labels), buckets });
			return { observe: (values, ms) => histogram.observe(values, ms / 1_000) };
		},
		gauge<L extends string>(name: string, help: string, labels: readonly L[] = []): GaugeMetric<L> {
			let shown: (() => Reading<L> | Promise<Reading<L>>) | undefined;
			new Gauge({
				...define('gauge', name, help, labels),
				async collect() {
					this.reset();
					// Without labels it would show a zero that nobody has read.
					if (labels.length === 0) this.remove();
					const reading = (await Promise.resolve(shown?.()).catch(() => undefined)) ?? [];
					for (const { labels: values, value } of reading) this.set(values, value);
				},
			});
			return {
				show(read) {
					shown = read;
					return {
						[Symbol.dispose]() {
							if (shown === read) shown = undefined;
						},
					};
				},
			};
		},
		async render() {
			// Not before somebody looks: it watches the garbage collector and the event loop from then on.
			if (!showsProcess) collectDefaultMetrics({ register: registry });
			showsProcess = true;
			return registry.metrics();
		},
	};
}
