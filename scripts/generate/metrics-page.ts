import { alerts } from './alerts.ts';
import { allMetrics } from './all-metrics.ts';

/** The tables for operators: every metric, every alert. */
export function metricsPage(): string {
	const metricRows = allMetrics.map(
		({ name, kind, labels, help, services }) =>
			`| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${services.length === 4 ? 'all' : services.join(', ')} | ${help} |`,
	);
	const alertRows = alerts.map(
		({ name, severity, lasting, summary, action }) =>
			`| \`ChatManager${name}\` | ${severity}, after ${lasting} | ${readable(summary)} ${action} |`,
	);
	return `<!-- Made from the metrics of the services by npm run generate. -->

# Metrics and alerts

What each is for, and how to turn it on, stands in [../operate/seeing.md](../operate/seeing.md). A histogram has the series
\`_bucket\`, \`_sum\` and \`_count\`. Beside these every service tells what Node knows of its process (\`nodejs_…\`, \`process_…\`).

| metric | kind | labels | services | what it says |
| --- | --- | --- | --- | --- |
${metricRows.join('\n')}

| alert | when | what it means, and what to do |
| --- | --- | --- |
${alertRows.join('\n')}
`;
}

function readable(summary: string): string {
	return summary
		.replace(/\{\{ \$labels\.(\w+) \}\}/g, '<$1>')
		.replace(/\{\{ \$value \}\}/g, 'N')
		.replace(/[<>]/g, '_');
}
