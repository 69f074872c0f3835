import { readFile } from 'node:fs/promises';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { z } from 'zod';

const infra = new URL('../../infra/', import.meta.url);

const Dashboard = z.object({
	panels: z.array(
		z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) }),
	),
});

export async function dashboardQueries(): Promise<string[]> {
	const json: unknown = JSON.parse(await readFile(new URL('grafana/chat-manager.json', infra), 'utf8'));
	return Dashboard.parse(json).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

/** A file of rules as Prometheus reads it. */
const Rules = z.strictObject({
	groups: z.array(
		z.strictObject({
			name: z.string(),
			rules: z.array(
				z.strictObject({
					alert: z.string().regex(/^ChatManager[A-Z]\w+$/),
					expr: z.string(),
					for: z.string().regex(/^\d+[smh]$/),
					labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
					annotations: z.strictObject({ summary: z.string(), description: z.string() }),
				}),
			),
		}),
	),
});

export async function alertQueries(): Promise<string[]> {
	const yaml: unknown = parse(await readFile(new URL('prometheus/alerts.yml', infra), 'utf8'));
	return Rules.parse(yaml).groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
}

/** Where the grammar of Prometheus' own editor does not understand a query. */
export function faultsOf(query: string): string[] {
	return nodesOf(query, ({ isError }) => isError).map(
		({ from }) => `${query.slice(0, from)}<?>${query.slice(from)}`,
	);
}

export function metricsIn(query: string): string[] {
	return nodesOf(query, ({ name }) => name === 'VectorSelector').map(({ from, to }) =>
		query.slice(from, to).replace(/\{.*$/s, ''),
	);
}

type Node = { name: string; isError: boolean; from: number; to: number };

function nodesOf(query: string, isWanted: (type: { name: string; isError: boolean }) => boolean): Node[] {
	const found: Node[] = [];
	parser.parse(query).iterate({
		enter({ type, from, to }) {
			if (isWanted(type)) found.push({ name: type.name, isError: type.isError, from, to });
		},
	});
	return found;
}
