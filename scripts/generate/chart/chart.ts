import { stringify } from 'yaml';
import { z } from 'zod';
import project from '../../../package.json' with { type: 'json' };
import { autoscaler, disruptionBudget, gatewayService, ingress, podMonitor } from './around.ts';
import { helmYaml } from './helm-yaml.ts';
import type { Manifest } from './manifest.ts';
import { allowed, allowedToSetUp, denyAll } from './network.ts';
import { configMap, deployment, services, setUpJob } from './pods.ts';
import { type Render, rendered, templated } from './template.ts';
import { values as defaults, Values } from './values.ts';

const made = '# Made by npm run generate (scripts/generate/chart).';
const folder = 'infra/helm/chat-manager';
/** Helm reads YAML 1.1, where `off` is no text. */
const yaml = { lineWidth: 0, compat: 'yaml-1.1' } as const;

/** Every manifest under the name of its template; undefined where the values do without it. */
function manifests(r: Render): Record<string, Manifest | undefined> {
	const each = services.flatMap((app) => [
		[`${app}-settings`, configMap(r, app)],
		[`${app}-deployment`, deployment(r, app)],
		[`${app}-disruption-budget`, disruptionBudget(r, app)],
		[`${app}-network-policy`, r.when((v) => v.networkPolicy.enabled, allowed(r, app))],
	]);
	return {
		...Object.fromEntries(each),
		'gateway-service': gatewayService(r),
		'gateway-ingress': r.when((v) => v.ingress.enabled, ingress(r)),
		'gateway-autoscaler': r.when((v) => v.gateway.autoscaling.enabled, autoscaler(r, 'gateway')),
		'connector-autoscaler': r.when((v) => v.connector.autoscaling.enabled, autoscaler(r, 'connector')),
		'pod-monitor': r.when((v) => v.monitoring.podMonitor, podMonitor(r)),
		'deny-all-network-policy': r.when((v) => v.networkPolicy.enabled, denyAll(r)),
		'set-up-database-job': r.when((v) => v.setUpDatabase.enabled, setUpJob(r)),
		'set-up-database-network-policy': r.when((v) => v.setUpDatabase.enabled, allowedToSetUp(r)),
	};
}

/** What Helm makes of the chart with these values. */
export function renderedManifests(values: Values = defaults, name = 'chat-manager'): Manifest[] {
	const all = Object.values(manifests(rendered(values, name)));
	return all.flatMap((manifest) => (manifest === undefined ? [] : [compact(manifest)]));
}

/** Without what the values leave out: in a list, too, where it would stand as null. */
function compact<T>(node: T): T {
	if (Array.isArray(node)) return node.filter((item) => item !== undefined).map(compact) as T;
	if (typeof node !== 'object' || node === null) return node;
	const entries = Object.entries(node).filter(([, value]) => value !== undefined);
	return Object.fromEntries(entries.map(([key, value]) => [key, compact(value)])) as T;
}

/** The schema of the values, as Helm checks them. */
export function valuesSchema(): unknown {
	return z.toJSONSchema(Values, { target: 'draft-7', io: 'input' });
}

/** The chart, and the manifests that it makes with its own values. */
export const chartFiles: Readonly<Record<string, () => string>> = {
	[`${folder}/Chart.yaml`]: chartYaml,
	[`${folder}/values.yaml`]: valuesYaml,
	[`${folder}/values.schema.json`]: () => `${JSON.stringify(valuesSchema(), null, '\t')}\n`,
	...Object.fromEntries(
		Object.entries(manifests(templated())).map(([name, node]) => [
			`${folder}/templates/${name}.yaml`,
			() => helmYaml(node),
		]),
	),
	'infra/kubernetes/chat-manager.yaml': () =>
		[made, '# What the chart makes with its own values.', ...renderedManifests().map(document)].join('\n'),
};

function document(manifest: Manifest): string {
	return `---\n${stringify(manifest, yaml)}`;
}

function chartYaml(): string {
	return `${made}
${stringify({
	apiVersion: 'v2',
	name: 'chat-manager',
	description: 'Link WhatsApp devices, star groups, and let AI clients read and run them.',
	type: 'application',
	version: project.version,
	appVersion: project.version,
	// A pause before SIGTERM without a shell in the image is known from there on.
	kubeVersion: '>=1.30.0-0',
})}`;
}

const Described = z.looseObject({ description: z.string().optional() });
type Described = z.infer<typeof Described> & { properties?: Record<string, Described> };

function valuesYaml(): string {
	const lines = explained(valuesSchema() as Described, defaults, 0);
	return `${made}\n# docs/operate/kubernetes.md tells how to use it.\n${lines.join('\n')}\n`;
}

/** Each value below what it means. */
function explained(schema: Described, value: object, depth: number): string[] {
	const space = '  '.repeat(depth);
	return Object.entries(value).flatMap(([key, each]) => {
		const described = schema.properties?.[key] ?? {};
		const comment = described.description === undefined ? [] : [`${space}# ${described.description}`];
		const isGroup = described.properties !== undefined && Object.keys(each).length > 0;
		if (isGroup) return [...comment, `${space}${key}:`, ...explained(described, each, depth + 1)];
		const text = stringify({ [key]: each }, yaml).trimEnd();
		return [...comment, ...text.split('\n').map((line) => space + line)];
	});
}
