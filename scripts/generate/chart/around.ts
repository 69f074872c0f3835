import type { DatabaseService } from '@chat-manager/database';
import { allMetrics } from '../all-metrics.ts';
import type { Manifest } from './manifest.ts';
import { labelsOf } from './pods.ts';
import { type Render, release } from './template.ts';

export function disruptionBudget(r: Render, app: DatabaseService): Manifest {
	return {
		apiVersion: 'policy/v1',
		kind: 'PodDisruptionBudget',
		metadata: { name: r.text`${release}-${app}`, labels: labelsOf(r, app) },
		spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(r, app) } },
	};
}

export function gatewayService(r: Render): Manifest {
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: { name: r.text`${release}-gateway`, labels: labelsOf(r, 'gateway') },
		spec: { selector: labelsOf(r, 'gateway'), ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
	};
}

export function ingress(r: Render): Manifest {
	const host = r.value((v) => v.host);
	const backend = { service: { name: r.text`${release}-gateway`, port: { name: 'http' } } };
	return {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'Ingress',
		metadata: {
			name: r.text`${release}-gateway`,
			labels: labelsOf(r, 'gateway'),
			annotations: r.subtree((v) => v.ingress.annotations),
		},
		spec: {
			ingressClassName: r.value((v) => v.ingress.className),
			tls: [{ hosts: [host], secretName: r.value((v) => v.ingress.tlsSecret) }],
			rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
		},
	} as Manifest;
}

/** The gateway's work is CPU, a connector's is users, whose metric an adapter has to bring to Kubernetes. */
export function autoscaler(r: Render, app: 'gateway' | 'connector'): Manifest {
	const metric =
		app === 'gateway'
			? {
					type: 'Resource' as const,
					resource: {
						name: 'cpu',
						target: {
							type: 'Utilization' as const,
							averageUtilization: r.value((v) => v.gateway.autoscaling.cpuPercent),
						},
					},
				}
			: {
					type: 'Pods' as const,
					pods: {
						metric: { name: usersMetric },
						target: {
							type: 'AverageValue' as const,
							averageValue: r.value((v) => v.connector.autoscaling.usersPerPod),
						},
					},
				};
	return {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata: { name: r.text`${release}-${app}`, labels: labelsOf(r, app) },
		spec: {
			scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: r.text`${release}-${app}` },
			minReplicas: r.value((v) => v[app].autoscaling.minReplicas),
			maxReplicas: r.value((v) => v[app].autoscaling.maxReplicas),
			metrics: [metric],
			behavior: {
				// One at a time, and not for a dip: each that goes hands its users over first.
				scaleDown: {
					stabilizationWindowSeconds: 600,
					policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }],
				},
			},
		},
	};
}

export function podMonitor(r: Render): Manifest {
	const { 'app.kubernetes.io/component': _any, ...ours } = labelsOf(r, '');
	return {
		apiVersion: 'monitoring.coreos.com/v1',
		kind: 'PodMonitor',
		metadata: { name: r.text`${release}`, labels: ours },
		spec: {
			selector: { matchLabels: ours },
			podMetricsEndpoints: [
				{
					port: 'health',
					// Dashboard and alerts go by a job that is called as the program.
					relabelings: [
						{
							sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_component'],
							targetLabel: 'job',
							replacement: 'chat-manager-$1',
						},
					],
				},
			],
		},
	};
}

/** Of docs/reference/metrics.md; one that is renamed stops the generator. */
const usersMetric = nameOf('cm_connector_users');

function nameOf(metric: string): string {
	if (!allMetrics.some(({ name }) => name === metric)) throw new Error(`There is no metric ${metric}`);
	return metric;
}
