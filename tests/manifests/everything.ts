/** Values of the chart in which all is turned on or said otherwise than by itself. */
export const everything = {
	image: { prefix: 'registry.example.com/chat-manager/', tag: '1.2.3', pullSecrets: [{ name: 'registry' }] },
	host: 'chat.example.org',
	ingress: { className: 'traefik', annotations: {}, tlsSecret: 'certificate' },
	nats: {
		url: 'tls://a.example.com:4222,tls://b.example.com:4222',
		caSecret: 'nats-ca',
		certSecret: 'nats-cert',
	},
	postgres: { caSecret: 'postgres-ca', peers: [{ ipBlock: { cidr: '192.0.2.7/32' } }] },
	setUpDatabase: { enabled: true },
	monitoring: { annotations: false, podMonitor: true },
	tracing: { peers: [{ podSelector: { matchLabels: { app: 'collector' } } }] },
	gateway: {
		autoscaling: { enabled: false },
		replicas: 4,
		natsCredsSecret: 'gateway-creds',
		settings: { CM_SIGNUP: 'closed', LOG_LEVEL: 'debug' },
		nodeSelector: { disk: 'fast' },
		tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
	},
	connector: {
		autoscaling: { enabled: true, usersPerPod: '1200' },
		drainSeconds: 60,
		settings: { CM_MAX_USERS: '1500' },
	},
};
