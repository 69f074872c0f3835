import type { DatabaseService } from '@chat-manager/database';
import type { Setting } from '@chat-manager/service';
import { z } from 'zod';
import manifest from '../../../package.json' with { type: 'json' };
import { apps, defaultOf, settingsFor } from '../deployment/apps.ts';

const Name = z.string().regex(/^[a-z0-9.-]{0,253}$/, 'must be a name of Kubernetes');
const Labels = z.record(z.string(), z.string());
/** Lists of them are never empty: to Kubernetes that would mean everybody. */
const Peer = z.looseObject({}).describe('A NetworkPolicyPeer of Kubernetes.');
const inNamespace = (name: string) => [
	{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } },
];

/** What the chart says itself, by other values; it is not said a second time in `settings`. */
const saidByChart: readonly string[] = [
	'CM_PUBLIC_URL',
	'CM_TRUSTED_PROXIES',
	'CM_CONNECTOR_ID',
	'CM_DRAIN_SECONDS',
	'NATS_URL',
	'NATS_USER',
	'NATS_CREDS_FILE',
	'NATS_CA_FILE',
	'NATS_CERT_FILE',
	'NATS_KEY_FILE',
	'CM_NATS_REPLICAS',
];

/** From the Secret of the app: what is secret, and what goes with it because there is no default. */
export function secretSettings(app: DatabaseService): Setting[] {
	return settingsFor(app).filter(
		({ name, secret, required }) => (secret || required) && !saidByChart.includes(name),
	);
}

function Settings(app: DatabaseService) {
	const secrets = secretSettings(app).map(({ name }) => name);
	const offered = settingsFor(app).filter(
		({ name }) => !saidByChart.includes(name) && !secrets.includes(name),
	);
	const shape = offered.map(
		({ name, description }) => [name, z.string().optional().describe(description)] as const,
	);
	return z
		.strictObject(Object.fromEntries(shape))
		.prefault({})
		.describe(
			'Settings beyond the defaults (docs/reference/settings.md). Every value is a text: put it in quotes.',
		);
}

function Program<App extends DatabaseService>(app: App, replicas: number) {
	const { cpu, memoryMb } = apps[app];
	const resources = { requests: { cpu, memory: `${memoryMb / 2}Mi` }, limits: { memory: `${memoryMb}Mi` } };
	return {
		replicas: z.number().int().min(1).default(replicas).describe('How many pods, where nothing scales them.'),
		secret: Name.min(1)
			.default(`chat-manager-${app}`)
			.describe(
				`The Secret with ${secretSettings(app)
					.map(({ name, required }) => (required ? name : `${name} (optional)`))
					.join(', ')}.`,
			),
		natsCredsSecret: Name.default('').describe(
			'A Secret with a key nats.creds (JWT and seed), where NATS runs with accounts; else NATS_PASSWORD counts.',
		),
		settings: Settings(app),
		resources: z.looseObject({}).default(resources).describe('What a pod is given.'),
		nodeSelector: Labels.default({}).describe('Labels of the nodes that the pods run on.'),
		tolerations: z.array(z.looseObject({})).default([]).describe('Taints that they put up with.'),
	};
}

const Scaling = (minimum: number, maximum: number) => ({
	minReplicas: z.number().int().min(1).default(minimum).describe('Never fewer pods.'),
	maxReplicas: z.number().int().min(1).default(maximum).describe('Never more pods.'),
});

const maxUsers = Number(defaultOf(apps.connector.config, 'CM_MAX_USERS'));

/** The values of the chart: what may be said, what it means and what counts unless it is said. */
export const Values = z.strictObject({
	global: z.looseObject({}).optional(),
	image: z
		.strictObject({
			prefix: z
				.string()
				.default('chat-manager/')
				.describe('Stands in front of gateway, connector, storage and webhooks.'),
			tag: z
				.string()
				.min(1)
				.default(manifest.version)
				.describe('The version; see docs/operate/compose.md for building one.'),
			pullPolicy: z
				.enum(['IfNotPresent', 'Always', 'Never'])
				.default('IfNotPresent')
				.describe('When images are fetched.'),
			pullSecrets: z
				.array(z.strictObject({ name: Name }))
				.default([])
				.describe('Secrets for a registry of your own.'),
		})
		.prefault({})
		.describe('The images, one for each app.'),
	host: z
		.string()
		.min(1)
		.default('chat.example.com')
		.describe('The name by which people and MCP clients reach it.'),
	trustedProxies: z
		.string()
		.default('uniquelocal')
		.describe(
			'Whose X-Forwarded-For is believed: the pods of the ingress controller. Networks, or uniquelocal for private ones.',
		),
	ingress: z
		.strictObject({
			enabled: z.boolean().default(true).describe('Whether the chart makes an Ingress.'),
			className: z.string().default('nginx').describe('The class of the ingress controller.'),
			annotations: Labels.default({
				'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
				'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
			}).describe(
				'Open pages hold a stream for long: these let nginx leave it alone. cert-manager has its annotation here, too.',
			),
			tlsSecret: Name.min(1)
				.default('chat-manager-tls')
				.describe('The Secret with the certificate for the host.'),
			peers: z
				.array(Peer)
				.min(1)
				.default(inNamespace('ingress-nginx'))
				.describe('Where requests to the gateway come from.'),
		})
		.prefault({})
		.describe('The way in. Only the gateway has one.'),
	nats: z
		.strictObject({
			url: z
				.string()
				.min(1)
				.default('nats://nats.nats:4222')
				.describe('Where NATS is; several servers separated by commas.'),
			port: z.number().int().default(4222).describe('Its port, for the network policies.'),
			replicas: z
				.number()
				.int()
				.min(1)
				.max(5)
				.default(3)
				.describe('How many servers keep each stream and bucket.'),
			caSecret: Name.default('').describe(
				'A Secret with a key ca.crt, the authority of its certificate. Given, NATS must speak TLS.',
			),
			certSecret: Name.default('').describe(
				'A Secret of the type kubernetes.io/tls: the certificate of our programs, where NATS asks for one.',
			),
			peers: z.array(Peer).min(1).default(inNamespace('nats')).describe('Where its pods are.'),
		})
		.prefault({})
		.describe('NATS with JetStream and infra/nats/authorization.conf. It is not part of this chart.'),
	postgres: z
		.strictObject({
			port: z
				.number()
				.int()
				.default(5432)
				.describe('Its port, for the network policies. The address stands in DATABASE_URL.'),
			caSecret: Name.default('').describe(
				'A Secret with a key ca.crt; then write ?sslmode=verify-full&sslrootcert=/etc/chat-manager/postgres/ca.crt into DATABASE_URL.',
			),
			peers: z
				.array(Peer)
				.min(1)
				.default(inNamespace('postgres'))
				.describe('Where its pods are; an ipBlock for one outside of the cluster.'),
		})
		.prefault({})
		.describe('Postgres. It is not part of this chart.'),
	setUpDatabase: z
		.strictObject({
			enabled: z
				.boolean()
				.default(false)
				.describe('Makes roles and schemas before each installation and upgrade.'),
			secret: Name.min(1)
				.default('chat-manager-set-up-database')
				.describe('The Secret with ADMIN_DATABASE_URL and CM_DATABASE_PASSWORD_…'),
		})
		.prefault({})
		.describe('The command that prepares Postgres, as a Job.'),
	monitoring: z
		.strictObject({
			annotations: z.boolean().default(true).describe('prometheus.io/… annotations on the pods.'),
			podMonitor: z.boolean().default(false).describe('A PodMonitor, where the Prometheus Operator runs.'),
			peers: z.array(Peer).min(1).default(inNamespace('monitoring')).describe('Where Prometheus asks from.'),
		})
		.prefault({})
		.describe('How metrics are read.'),
	tracing: z
		.strictObject({
			peers: z.array(Peer).default([]).describe('Where the receiver of OTEL_EXPORTER_OTLP_ENDPOINT is.'),
			port: z.number().int().default(4318).describe('Its port.'),
		})
		.prefault({})
		.describe('Traces; the endpoint itself is said in the settings of each app.'),
	networkPolicy: z
		.strictObject({
			enabled: z.boolean().default(true).describe('Nobody reaches anything but what it needs.'),
			dnsPeers: z
				.array(Peer)
				.min(1)
				.default(inNamespace('kube-system'))
				.describe('Where names are looked up.'),
			mailPorts: z
				.array(z.strictObject({ port: z.number().int() }))
				.min(1)
				.default([{ port: 465 }, { port: 587 }])
				.describe('On which the gateway reaches its mail server.'),
		})
		.prefault({})
		.describe('They need a network plugin that enforces them.'),
	gateway: z
		.strictObject({
			...Program('gateway', 2),
			autoscaling: z
				.strictObject({
					enabled: z.boolean().default(true).describe('Scales by CPU; it needs the metrics server.'),
					...Scaling(2, 10),
					cpuPercent: z.number().int().default(70).describe('Of what a pod requests.'),
				})
				.prefault({})
				.describe('How many pods there are.'),
		})
		.prefault({})
		.describe(apps.gateway.title),
	connector: z
		.strictObject({
			...Program('connector', 2),
			drainSeconds: z
				.number()
				.int()
				.min(1)
				.default(Number(defaultOf(apps.connector.config, 'CM_DRAIN_SECONDS')))
				.describe(
					'How long one that is to stop may hand its users over; the pod is given fifteen seconds more.',
				),
			autoscaling: z
				.strictObject({
					enabled: z
						.boolean()
						.default(false)
						.describe('Scales by users; it needs an adapter for the metric (docs/operate/kubernetes.md).'),
					...Scaling(2, 50),
					usersPerPod: z
						.string()
						.regex(/^\d+$/)
						.default(String(maxUsers * 0.75))
						.describe('Below CM_MAX_USERS, so that there is room while a new pod starts, or one is lost.'),
				})
				.prefault({})
				.describe('How many pods there are.'),
		})
		.prefault({})
		.describe(apps.connector.title),
	storage: z.strictObject(Program('storage', 2)).prefault({}).describe(apps.storage.title),
	webhooks: z.strictObject(Program('webhooks', 2)).prefault({}).describe(apps.webhooks.title),
});
export type Values = z.infer<typeof Values>;

export const values: Values = Values.parse({});
