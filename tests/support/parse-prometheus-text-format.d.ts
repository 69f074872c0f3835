declare module 'parse-prometheus-text-format' {
	/** Families of metrics from the text that Prometheus reads. */
	// biome-ignore lint/style/noDefaultExport: it is how that package is made.
	export default function parse(text: string): unknown;
}
