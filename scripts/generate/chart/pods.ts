import { type DatabaseService, serviceSchemas } from '@chat-manager/database';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { setUpConfig } from '../../../packages/backend/src/set-up-config.ts';
import { apps, defaultOf } from '../deployment/apps.ts';
import type { Manifest } from './manifest.ts';
import { type Render, release } from './template.ts';
import { secretSettings } from './values.ts';

type PodSpec = NonNullable<IPodTemplateSpec['spec']>;
type Container = PodSpec['containers'][number];

/** The ports in the image; of the first only the gateway makes use. */
const ports = { http: Number(defaultOf(apps.gateway.config, 'PORT')), health: 9090 };
export const services = Object.keys(serviceSchemas) as DatabaseService[];
const files = '/etc/chat-manager';

export function labelsOf(r: Render, component: string): Record<string, string> {
	return {
		'app.kubernetes.io/name': 'chat-manager',
		'app.kubernetes.io/instance': r.text`${release}`,
		'app.kubernetes.io/component': component,
	};
}

/** Settings of an app that are no secret and have no value of their own in the chart. */
export function configMap(r: Render, app: DatabaseService): Manifest {
	return {
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: { name: r.text`${release}-${app}`, labels: labelsOf(r, app) },
		data: r.texts((v) => v[app].settings),
	};
}

export function deployment(r: Render, app: DatabaseService): Manifest {
	const labels = labelsOf(r, app);
	const isScaled = app === 'gateway' || app === 'connector' ? app : undefined;
	const replicas = r.value((v) => v[app].replicas);
	return {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: { name: r.text`${release}-${app}`, labels },
		spec: {
			replicas:
				isScaled === undefined ? replicas : r.unless((v) => v[isScaled].autoscaling.enabled, replicas),
			selector: { matchLabels: labels },
			// One more before one less: a connector hands its users over to whoever is there.
			strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
			template: {
				metadata: {
					labels,
					annotations: {
						'chat-manager/settings': r.checksum((v) => v[app].settings),
						...annotations(r),
					},
				},
				spec: {
					topologySpreadConstraints: [
						spread(r, app, 'kubernetes.io/hostname'),
						spread(r, app, 'topology.kubernetes.io/zone'),
					],
					...podSpec(r, app, {
						terminationGracePeriodSeconds:
							app === 'connector'
								? r.sum((v) => v.connector.drainSeconds, 15)
								: apps[app].stopMs / 1_000 + 15,
						container: {
							name: app,
							image: image(r, app),
							envFrom: [{ configMapRef: { name: r.text`${release}-${app}` } }],
							env: environment(r, app),
							ports: [
								...(app === 'gateway' ? [{ name: 'http', containerPort: ports.http }] : []),
								{ name: 'health', containerPort: ports.health },
							],
							// It lives from early on, and is ready when Postgres, NATS and, at a connector, WhatsApp are there.
							startupProbe: { ...probe('/healthz'), periodSeconds: 2, failureThreshold: 60 },
							livenessProbe: { ...probe('/healthz'), periodSeconds: 10, failureThreshold: 6 },
							readinessProbe: { ...probe('/readyz'), periodSeconds: 5, failureThreshold: 2 },
							// The way to a pod is still being taken down when it is asked to stop.
							...(app === 'gateway' ? { lifecycle: { preStop: { sleep: { seconds: 5 } } } } : {}),
							resources: r.subtree((v) => v[app].resources) ?? {},
						},
					}),
				},
			},
		},
	} as Manifest;
}

/** Before an installation or an upgrade: roles and schemas in Postgres. */
export function setUpJob(r: Render): Manifest {
	const names = setUpConfig.settings.filter(({ required }) => required).map(({ name }) => name);
	return {
		apiVersion: 'batch/v1',
		kind: 'Job',
		metadata: {
			name: r.text`${release}-set-up-database`,
			labels: labelsOf(r, 'set-up-database'),
			annotations: {
				'helm.sh/hook': 'pre-install,pre-upgrade',
				'helm.sh/hook-delete-policy': 'before-hook-creation',
			},
		},
		spec: {
			backoffLimit: 10,
			template: {
				metadata: { labels: labelsOf(r, 'set-up-database') },
				spec: {
					...podSpec(r, 'storage', {
						terminationGracePeriodSeconds: 15,
						container: {
							name: 'set-up-database',
							image: image(r, 'storage'),
							args: ['packages/backend/src/set-up-database.ts'],
							env: names.map((key) => ({
								name: key,
								valueFrom: { secretKeyRef: { name: r.value((v) => v.setUpDatabase.secret), key } },
							})),
							resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
						},
					}),
					restartPolicy: 'OnFailure',
				},
			},
		},
	} as Manifest;
}

/** Over nodes, and over zones, as well as it goes. */
function spread(r: Render, app: DatabaseService, topologyKey: string) {
	return {
		maxSkew: 1,
		topologyKey,
		whenUnsatisfiable: 'ScheduleAnyway' as const,
		labelSelector: { matchLabels: labelsOf(r, app) },
	};
}

function annotations(r: Render): Record<string, string | undefined> {
	const scraped = (value: string) => r.when((v) => v.monitoring.annotations, value);
	return {
		'prometheus.io/scrape': scraped('true'),
		'prometheus.io/port': scraped(String(ports.health)),
		'prometheus.io/path': scraped('/metrics'),
	} as Record<string, string | undefined>;
}

function podSpec(
	r: Render,
	app: DatabaseService,
	{
		container,
		terminationGracePeriodSeconds,
	}: { container: Container; terminationGracePeriodSeconds: number },
): PodSpec {
	return {
		automountServiceAccountToken: false,
		enableServiceLinks: false,
		terminationGracePeriodSeconds,
		imagePullSecrets: r.subtree((v) => v.image.pullSecrets),
		securityContext: {
			runAsNonRoot: true,
			runAsUser: 1_000,
			runAsGroup: 1_000,
			fsGroup: 1_000,
			seccompProfile: { type: 'RuntimeDefault' },
		},
		nodeSelector: r.subtree((v) => v[app].nodeSelector),
		tolerations: r.subtree((v) => v[app].tolerations),
		containers: [
			{
				...container,
				imagePullPolicy: r.value((v) => v.image.pullPolicy),
				securityContext: {
					allowPrivilegeEscalation: false,
					readOnlyRootFilesystem: true,
					capabilities: { drop: ['ALL'] },
				},
				volumeMounts: mounts(r, app).map(({ name, path, wanted }) =>
					wanted({ name, mountPath: path, readOnly: name !== 'tmp' }),
				),
			},
		],
		volumes: mounts(r, app).map(({ name, source, wanted }) => wanted({ name, ...source })),
	} as PodSpec;
}

/** What a pod finds in its file system beside its image. */
function mounts(r: Render, app: DatabaseService) {
	const always = <T>(node: T) => node as T | undefined;
	const secret = (secretName: string) => ({ secret: { secretName, defaultMode: 0o440 } });
	return [
		{ name: 'tmp', path: '/tmp', source: { emptyDir: { sizeLimit: '64Mi' } }, wanted: always },
		{
			name: 'nats-ca',
			path: `${files}/nats-ca`,
			source: secret(r.value((v) => v.nats.caSecret)),
			wanted: <T>(node: T) => r.when((v) => v.nats.caSecret, node),
		},
		{
			name: 'nats-cert',
			path: `${files}/nats-cert`,
			source: secret(r.value((v) => v.nats.certSecret)),
			wanted: <T>(node: T) => r.when((v) => v.nats.certSecret, node),
		},
		{
			name: 'nats-creds',
			path: `${files}/nats-creds`,
			source: secret(r.value((v) => v[app].natsCredsSecret)),
			wanted: <T>(node: T) => r.when((v) => v[app].natsCredsSecret, node),
		},
		{
			name: 'postgres-ca',
			path: `${files}/postgres`,
			source: secret(r.value((v) => v.postgres.caSecret)),
			wanted: <T>(node: T) => r.when((v) => v.postgres.caSecret, node),
		},
	];
}

function environment(r: Render, app: DatabaseService): NonNullable<Container['env']> {
	const own = new Set(apps[app].config.settings.map(({ name }) => name));
	const entries = [
		...secretSettings(app).map(({ name, required }) => ({
			name,
			valueFrom: {
				secretKeyRef: {
					name: r.value((v) => v[app].secret),
					key: name,
					...(required ? {} : { optional: true }),
				},
			},
		})),
		{ name: 'NATS_URL', value: r.value((v) => v.nats.url) },
		{ name: 'NATS_USER', value: app },
		{ name: 'CM_NATS_REPLICAS', value: r.text`${(v) => v.nats.replicas}` },
		{ name: 'CM_PUBLIC_URL', value: r.text`https://${(v) => v.host}` },
		{ name: 'CM_TRUSTED_PROXIES', value: r.value((v) => v.trustedProxies) },
		{ name: 'CM_DRAIN_SECONDS', value: r.text`${(v) => v.connector.drainSeconds}` },
		// Pods have names of their own; a new one never has that of one that still runs.
		{ name: 'CM_CONNECTOR_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
	];
	const file = (name: string, value: string) => ({ name, value: `${files}/${value}` });
	return [
		...entries.filter(({ name }) => own.has(name)),
		r.when((v) => v.nats.caSecret, file('NATS_CA_FILE', 'nats-ca/ca.crt')),
		r.when((v) => v.nats.certSecret, file('NATS_CERT_FILE', 'nats-cert/tls.crt')),
		r.when((v) => v.nats.certSecret, file('NATS_KEY_FILE', 'nats-cert/tls.key')),
		r.when((v) => v[app].natsCredsSecret, file('NATS_CREDS_FILE', 'nats-creds/nats.creds')),
	] as NonNullable<Container['env']>;
}

function image(r: Render, app: DatabaseService): string {
	return r.text`${(v) => v.image.prefix}${app}:${(v) => v.image.tag}`;
}

function probe(path: string) {
	return { httpGet: { path, port: 'health' }, timeoutSeconds: 5 };
}
