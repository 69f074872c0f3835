import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DatabaseService, serviceSchemas } from '@chat-manager/database';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { renderedManifests, valuesSchema } from '../../scripts/generate/chart/chart.ts';
import { Values } from '../../scripts/generate/chart/values.ts';
import { apps as described } from '../../scripts/generate/deployment/apps.ts';
import { everything } from './everything.ts';

const repository = join(import.meta.dirname, '../..');
const apps = Object.keys(serviceSchemas) as DatabaseService[];
const read = (file: string) => readFile(join(repository, file), 'utf8');
const cases = [
	['its own values', Values.parse({})],
	['everything turned on', Values.parse(everything)],
] as const;

const Workload = z.looseObject({
	kind: z.enum(['Deployment', 'Job']),
	metadata: z.looseObject({ name: z.string() }),
	spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({}) }) }),
});
const Pod = z.looseObject({
	terminationGracePeriodSeconds: z.number(),
	containers: z.array(
		z.looseObject({
			env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
			ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).optional(),
		}),
	),
});

it.each(cases)(
	'makes manifests that Kubernetes knows, with %s',
	async (name, values) => {
		const manifests = renderedManifests(values);
		for (const manifest of manifests) {
			const validate = await schemaOf(manifest);
			const plain = JSON.parse(JSON.stringify(manifest));
			expect(() => validate(plain), manifest.metadata?.name).not.toThrow();
			expect(() => validate({ ...plain, metadata: 'none' }), manifest.metadata?.name).toThrow('metadata');
		}
		// Those schemas let unknown fields pass; the types that are made of them do not.
		await expect(compiled(name, manifests)).resolves.toBe('');
	},
	120_000,
);

it('says in YAML what it says in the objects, and nowhere a field that is not known', async () => {
	const documents = parseAllDocuments(await read('infra/kubernetes/chat-manager.yaml'));
	expect(documents.map((document) => document.toJS())).toEqual(
		JSON.parse(JSON.stringify(renderedManifests())),
	);
	const [deployment] = renderedManifests().filter(({ kind }) => kind === 'Deployment');
	const [monitor] = renderedManifests(Values.parse(everything)).filter(({ kind }) => kind === 'PodMonitor');
	const faults = await compiled('unknown field', [
		{ ...deployment, spek: {} },
		{ ...monitor, speck: {} },
	]);
	expect(faults).toContain('spek');
	expect(faults).toContain('speck');
}, 120_000);

it('has values that fit their schema, which refuses what is misspelt, and every one of them explained', async () => {
	const validate = new Ajv({ strict: false, allErrors: true }).compile(valuesSchema() as object);
	const text = await read('infra/helm/chat-manager/values.yaml');
	const values = parse(text, { version: '1.1' });
	expect([validate(values), validate.errors]).toEqual([true, null]);
	expect(Values.parse(values)).toEqual(Values.parse({}));
	expect([validate(everything), validate.errors]).toEqual([true, null]);
	for (const wrong of [
		{ conector: {} },
		{ connector: { settings: { CM_MAX_USER: '1' } } },
		{ connector: { settings: { CM_MAX_USERS: 1_000_000 } } },
		{ connector: { settings: { CM_MASTER_KEYS: 'k1:secret' } } },
		{ nats: { peers: [] } },
	])
		expect([wrong, validate(wrong)]).toEqual([wrong, false]);
	expect(JSON.parse(await read('infra/helm/chat-manager/values.schema.json'))).toEqual(valuesSchema());
	const lines = text.split('\n');
	for (const [index, line] of lines.entries())
		if (
			/^( {2}){0,2}[a-zA-Z]+:/.test(line) &&
			!/^ {4}(requests|limits):|matchLabels|namespaceSelector/.test(line)
		)
			expect(lines[index - 1], line).toMatch(/^\s*# /);
});

it.each(apps)('gives %s all that it needs, no setting twice and none that it does not know', (app) => {
	const { settings, load } = described[app].config;
	for (const [, values] of cases) {
		const { containers } = podOf(app, values);
		const env = containers[0]?.env ?? [];
		const names = [...env.map(({ name }) => name), ...Object.keys(values[app].settings)];
		expect(names.length).toBe(new Set(names).size);
		const known = settings.map(({ name }) => name);
		expect(names.filter((name) => !known.includes(name))).toEqual([]);
		const required = settings.filter(({ required: isRequired }) => isRequired).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(required));
		// What is said in the chart is something that the program takes.
		const said = Object.fromEntries(
			env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
		);
		const faults = faultsOf(() => load({ ...said, ...(values[app].settings as Record<string, string>) }));
		expect(faults.filter((name) => name in said)).toEqual([]);
	}
});

it.each(apps)('asks %s at the ports of its image, and waits for its end', (app) => {
	for (const [, values] of cases) {
		const pod = podOf(app, values);
		const ports = Object.fromEntries(
			(pod.containers[0]?.ports ?? []).map(({ name, containerPort }) => [name, containerPort]),
		);
		expect(ports.health).toBe(9090);
		if (app === 'gateway')
			expect(ports.http).toBe(described.gateway.config.settings.find(({ name }) => name === 'PORT')?.default);
		const drained =
			app === 'connector' ? values.connector.drainSeconds * 1_000 + 10_000 : described[app].stopMs;
		expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(drained);
		expect(pod).toMatchObject({
			automountServiceAccountToken: false,
			securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
			containers: [
				{
					securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
					startupProbe: { httpGet: { path: '/healthz', port: 'health' } },
					livenessProbe: { httpGet: { path: '/healthz', port: 'health' } },
					readinessProbe: { httpGet: { path: '/readyz', port: 'health' } },
				},
			],
		});
	}
});

it('lets nobody in but to the gateway, and nobody out but connectors, webhooks and to mail', () => {
	const policies = renderedManifests().filter(({ kind }) => kind === 'NetworkPolicy');
	const of = (name: string) =>
		policies.find(({ metadata }) => metadata?.name === `chat-manager-${name}`) as { spec: object };
	expect(of('deny-all').spec).not.toHaveProperty('ingress');
	expect(of('deny-all').spec).not.toHaveProperty('egress');
	for (const app of apps) {
		const spec = JSON.stringify(of(app).spec);
		expect(spec.includes('"http"')).toBe(app === 'gateway');
		expect(spec.includes('0.0.0.0/0')).toBe(described[app].goesOut);
	}
});

function podOf(app: DatabaseService, values: Values) {
	const found = renderedManifests(values).find(
		({ kind, metadata }) => kind === 'Deployment' && metadata?.name === `chat-manager-${app}`,
	);
	return Pod.parse(Workload.parse(JSON.parse(JSON.stringify(found))).spec.template.spec);
}

function faultsOf(load: () => unknown): string[] {
	try {
		load();
		return [];
	} catch (error) {
		return (error as { faults: { setting: string }[] }).faults.map(({ setting }) => setting);
	}
}

/** The schema of a kind, as Kubernetes has it, or the Prometheus Operator for its own kind. */
async function schemaOf({ apiVersion, kind }: Kind): Promise<(value: object) => unknown> {
	const { [kind]: Model } = await import(`${packageOf({ apiVersion })}/${apiVersion}/${kind}`);
	return (value) => new Model(value).validate();
}

type Kind = { apiVersion: string; kind: string };

const packageOf = ({ apiVersion }: { apiVersion: string }) =>
	apiVersion.startsWith('monitoring.coreos.com/')
		? '@kubernetes-models/prometheus-operator'
		: 'kubernetes-models';

/** What the compiler has against it, as values of the types of Kubernetes written down literally. */
async function compiled(name: string, manifests: readonly object[]): Promise<string> {
	const folder = join(repository, 'node_modules/.cache/chat-manager-manifests');
	const file = join(folder, `${name.replaceAll(' ', '-')}-${process.pid}.ts`);
	await mkdir(folder, { recursive: true });
	const values = manifests.flatMap((manifest, index) => {
		const { apiVersion = '', kind = '' } = manifest as { apiVersion?: string; kind?: string };
		return `import type { I${kind} as T${index} } from '${packageOf({ apiVersion })}/${apiVersion}/${kind}';\nexport const v${index}: T${index} = ${JSON.stringify(manifest)};`;
	});
	await writeFile(file, values.join('\n'));
	try {
		const options = [
			'--noEmit',
			'--strict',
			'--skipLibCheck',
			'--module',
			'nodenext',
			'--target',
			'esnext',
			'--ignoreConfig',
		];
		await promisify(execFile)(process.execPath, [
			join(repository, 'node_modules/typescript/bin/tsc'),
			...options,
			file,
		]);
		return '';
	} catch (error) {
		return String((error as { stdout?: unknown }).stdout ?? error);
	} finally {
		await rm(file);
	}
}
