import type { DatabaseService } from '@chat-manager/database';
import { apps } from './deployment/apps.ts';
import {
	adminDatabaseUrl,
	type Command,
	commands,
	database,
	environmentOf,
	natsServers,
	natsUrl,
	needed,
	ownVariable,
	services,
} from './deployment/compose-settings.ts';

/** The whole system on one machine with Docker. Written as text, so that what an operator reads has its comments. */
export function composeFile(): string {
	return `# Made by npm run generate (scripts/generate/compose.ts): settings go into .env, changes of your own into
# docker-compose.override.yml. docs/operate/compose.md tells how to use it.
name: chat-manager

x-every: &every
  restart: unless-stopped
  logging: { driver: local, options: { max-size: 20m, max-file: '5' } }
  cap_drop: [ALL]

# Our own programs: nothing is written into them, and nobody in them becomes anybody else.
x-app: &app
  <<: *every
  read_only: true
  tmpfs: ['/tmp:mode=1777,size=64m']
  security_opt: ['no-new-privileges:true']

services:
  # Takes TLS off, with certificates that it gets by itself, and shares the requests among the gateways.
  proxy:
    <<: *every
    image: caddy:2.11-alpine
    user: '1000:1000'
    cap_add: [NET_BIND_SERVICE]
    ports: ['80:80', '443:443', '443:443/udp']
    environment:
      CM_DOMAIN: ${needed('CM_DOMAIN')}
    volumes:
      - ./infra/caddy/Caddyfile:/etc/caddy/Caddyfile:ro
      - caddy-data:/data
      - caddy-config:/config
    networks: [edge]
    depends_on:
      volumes: { condition: service_completed_successfully }
      gateway: { condition: service_healthy }
    healthcheck:
      test: [CMD, wget, --quiet, --output-document=/dev/null, 'http://127.0.0.1:2019/config/']
      interval: 10s
      timeout: 5s
      start_period: 30s
    mem_limit: 256m
    stop_grace_period: 15s

${services.map(serviceBlock).join('\n\n')}

  # Once, before everything: a role and a schema in Postgres for each service.
  set-up-database:
    <<: *app
    restart: on-failure
    image: chat-manager/storage:\${CM_VERSION:-local}
    command: [packages/backend/src/set-up-database.ts]
    environment:
      ADMIN_DATABASE_URL: ${adminDatabaseUrl}
${services.map((service) => `      ${ownVariable.database(service)}: ${needed(ownVariable.database(service))}`).join('\n')}
    networks: [inside]
    depends_on:
      postgres: { condition: service_healthy }
    # It ends: there is nothing to ask.
    healthcheck: { disable: true }
    mem_limit: 256m

${commands.map(commandBlock).join('\n\n')}

  postgres:
    <<: *every
    image: postgres:18
    user: postgres
    environment:
      POSTGRES_PASSWORD: ${needed('POSTGRES_PASSWORD')}
      POSTGRES_DB: ${database}
    # A pool of each process has up to ten connections.
    command: [postgres, -c, max_connections=300, -c, shared_buffers=512MB]
    volumes: ['postgres-data:/var/lib/postgresql']
    networks: [inside]
    shm_size: 256m
    healthcheck:
      test: [CMD, pg_isready, --username=postgres, --dbname=${database}, --host=127.0.0.1]
      interval: 5s
      timeout: 5s
      start_period: 60s
    mem_limit: 2g
    # In order, it writes all out; a kill costs a recovery at the next start.
    stop_grace_period: 2m

${natsServers.map(natsBlock).join('\n\n')}

  # Once, as root and without a network: NATS and Caddy, who are not root, get the folders that they write into.
  volumes:
    image: nats:2.14-alpine
    user: root
    restart: on-failure
    entrypoint: [chown, --recursive, '1000:1000', ${natsServers.map((server) => `/${server}`).join(', ')}, /caddy-data, /caddy-config]
    cap_drop: [ALL]
    cap_add: [CHOWN, DAC_READ_SEARCH]
    security_opt: ['no-new-privileges:true']
    network_mode: none
    volumes: [${natsServers.map((server) => `'${server}-data:/${server}'`).join(', ')}, 'caddy-data:/caddy-data', 'caddy-config:/caddy-config']
    healthcheck: { disable: true }
    mem_limit: 64m

networks:
  # The proxy and the gateways.
  edge:
  # Postgres, NATS and all services; from here nobody gets out.
  inside: { internal: true }
  # By which connectors reach WhatsApp, webhooks their endpoints, the gateway its mail server.
  outside:

volumes:
  postgres-data:
${natsServers.map((server) => `  ${server}-data:`).join('\n')}
  caddy-data:
  caddy-config:
`;
}

function serviceBlock(service: DatabaseService): string {
	const { title, memoryMb, stopMs, goesOut } = apps[service];
	const networks = ['inside', ...(service === 'gateway' ? ['edge'] : []), ...(goesOut ? ['outside'] : [])];
	return `  # ${title.charAt(0).toUpperCase()}${title.slice(1)}. More of it: docker compose up --detach --scale ${service}=3
  ${service}:
    <<: *app
    image: chat-manager/${service}:\${CM_VERSION:-local}
    build: { context: ., dockerfile: infra/Dockerfile, args: { APP: ${service} } }
    environment:
${environmentOf(service)
	.map(([name, value]) => `      ${name}: ${yamlText(value)}`)
	.join('\n')}
    networks: [${networks.join(', ')}]
    depends_on:
      set-up-database: { condition: service_completed_successfully }
${natsServers.map((server) => `      ${server}: { condition: service_healthy }`).join('\n')}
    mem_limit: ${memoryMb}m
    # It ends by itself after ${stopMs / 1_000} s at the latest${service === 'connector' ? ' (CM_DRAIN_SECONDS and ten more: raise both together)' : ''}.
    stop_grace_period: ${stopMs / 1_000 + 5}s`;
}

function commandBlock(command: Command): string {
	const keys = services.filter((service) =>
		environmentOf(service).some(([name]) => name === 'CM_MASTER_KEYS'),
	);
	return `  # Only when asked for: docker compose run --rm ${command} /backups/NAME (docs/operate/backup.md).
  ${command}:
    <<: *app
    profiles: [${command}]
    restart: on-failure
    image: chat-manager/backup:\${CM_VERSION:-local}
    build: { context: ., dockerfile: infra/Dockerfile, args: { APP: backup } }
    entrypoint: [node, packages/backup/src/${command}.ts]
    environment:
      DATABASE_URL: ${adminDatabaseUrl}
      NATS_URL: ${natsUrl}
      NATS_USER: ${command}
      NATS_PASSWORD: ${needed(ownVariable.nats(command))}
      CM_NATS_REPLICAS: '${natsServers.length}'
      CM_AUTH_SECRET: ${needed('CM_AUTH_SECRET')}
${command === 'restore' ? keys.map((service) => `      ${ownVariable.masterKeys(service)}: ${needed(ownVariable.masterKeys(service))}\n`).join('') : ''}    volumes: ['./backups:/backups']
    networks: [inside]
    healthcheck: { disable: true }
    mem_limit: 512m`;
}

function natsBlock(server: (typeof natsServers)[number]): string {
	const routes = natsServers
		.map((name) => `nats://cluster:${needed(ownVariable.nats('cluster'))}@${name}:6222`)
		.join(',');
	return `  ${server}:
    <<: *every
    image: nats:2.14-alpine
    user: '1000:1000'
    read_only: true
    security_opt: ['no-new-privileges:true']
    command: [--config, /etc/nats/cluster.conf, --routes, '${routes}']
    environment:
      NATS_SERVER_NAME: ${server}
      NATS_STORE_DIR: /data
${(['cluster', ...services, ...commands] as const).map((user) => `      ${ownVariable.nats(user)}: ${needed(ownVariable.nats(user))}`).join('\n')}
    volumes: ['./infra/nats:/etc/nats:ro', '${server}-data:/data']
    networks: [inside]
    depends_on:
      volumes: { condition: service_completed_successfully }
    healthcheck:
      test: [CMD, wget, --quiet, --output-document=/dev/null, 'http://127.0.0.1:8222/healthz?js-server-only=true']
      interval: 5s
      timeout: 5s
      start_period: 30s
    mem_limit: 1g
    stop_grace_period: 30s`;
}

/** Quoted where YAML would read something else out of it. */
function yamlText(value: string): string {
	return /^[\d.]+$|^$/.test(value) ? `'${value}'` : value;
}
