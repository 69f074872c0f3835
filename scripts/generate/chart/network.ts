import type { DatabaseService } from '@chat-manager/database';
import type { Manifest } from './manifest.ts';
import { labelsOf } from './pods.ts';
import { type Render, release } from './template.ts';

/** Private, link-local and this machine's own: nothing there is meant by the endpoints of people, or by WhatsApp. */
const privateV4 = [
	'10.0.0.0/8',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'169.254.0.0/16',
	'127.0.0.0/8',
	'100.64.0.0/10',
];
const privateV6 = ['fc00::/7', 'fe80::/10', '::1/128'];
const outside = [
	{ ipBlock: { cidr: '0.0.0.0/0', except: privateV4 } },
	{ ipBlock: { cidr: '::/0', except: privateV6 } },
];

/** Nothing comes in and nothing goes out of any pod of this installation, but for what the others allow. */
export function denyAll(r: Render): Manifest {
	const { 'app.kubernetes.io/component': _any, ...ours } = labelsOf(r, '');
	return {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'NetworkPolicy',
		metadata: { name: r.text`${release}-deny-all`, labels: ours },
		spec: { podSelector: { matchLabels: ours }, policyTypes: ['Ingress', 'Egress'] },
	};
}

/** What a service needs, and no more; services speak to each other by NATS alone. */
export function allowed(r: Render, app: DatabaseService): Manifest {
	const from = {
		prometheus: {
			ports: [{ port: 'health' }],
			from: r.subtree((v) => v.monitoring.peers),
		},
		ingress: { ports: [{ port: 'http' }], from: r.subtree((v) => v.ingress.peers) },
	};
	const to = {
		nats: { ports: [{ port: r.value((v) => v.nats.port) }], to: r.subtree((v) => v.nats.peers) },
		tracing: r.when((v) => v.tracing.peers, {
			ports: [{ port: r.value((v) => v.tracing.port) }],
			to: r.subtree((v) => v.tracing.peers),
		}),
	};
	return {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'NetworkPolicy',
		metadata: { name: r.text`${release}-${app}`, labels: labelsOf(r, app) },
		spec: {
			podSelector: { matchLabels: labelsOf(r, app) },
			policyTypes: ['Ingress', 'Egress'],
			ingress: [from.prometheus, ...(app === 'gateway' ? [from.ingress] : [])],
			egress: [names(r), database(r), to.nats, ...world(r, app), to.tracing],
		},
	} as Manifest;
}

/** The Job that prepares Postgres reaches nothing else. */
export function allowedToSetUp(r: Render): Manifest {
	return {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'NetworkPolicy',
		metadata: {
			name: r.text`${release}-set-up-database`,
			labels: labelsOf(r, 'set-up-database'),
			// The Job comes before the chart itself, and what it needs before the Job.
			annotations: {
				'helm.sh/hook': 'pre-install,pre-upgrade',
				'helm.sh/hook-weight': '-1',
				'helm.sh/hook-delete-policy': 'before-hook-creation',
			},
		},
		spec: {
			podSelector: { matchLabels: labelsOf(r, 'set-up-database') },
			policyTypes: ['Egress'],
			egress: [names(r), database(r)],
		},
	} as Manifest;
}

function names(r: Render) {
	const port = 53;
	return {
		ports: [
			{ port, protocol: 'UDP' },
			{ port, protocol: 'TCP' },
		],
		to: r.subtree((v) => v.networkPolicy.dnsPeers),
	};
}

function database(r: Render) {
	return { ports: [{ port: r.value((v) => v.postgres.port) }], to: r.subtree((v) => v.postgres.peers) };
}

function world(r: Render, app: DatabaseService): object[] {
	if (app === 'connector') return [{ ports: [{ port: 443 }], to: outside }];
	// People's endpoints may have any port.
	if (app === 'webhooks') return [{ to: outside }];
	if (app === 'gateway') return [{ to: outside, ports: r.subtree((v) => v.networkPolicy.mailPorts) }];
	return [];
}
