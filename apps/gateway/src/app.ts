import { busLogin, createGrantSigner } from '@chat-manager/bus';
import {
	type AppTools,
	type Clock,
	type Logger,
	showConnections,
	showReadiness,
	sleep,
	startHealth,
	systemClock,
} from '@chat-manager/service';
import { createGrants } from './access/grants.ts';
import { createReplicas } from './access/replicas.ts';
import { createRevocations } from './access/revocations.ts';
import { createSharedLimiter } from './access/shared-limiter.ts';
import { createTokenAccess } from './access/token-access.ts';
import { createAuditLog } from './audit/audit-log.ts';
import { openBusLink } from './bus-link.ts';
import type { Settings } from './config.ts';
import { createEventConsumer } from './consumers/consume.ts';
import type { Context } from './context.ts';
import { createTokenStore } from './database/access-tokens.ts';
import { type IdentityDatabase, openIdentityDatabase } from './database/identity-database.ts';
import { createDeletions } from './deletion/deletions.ts';
import { createHttpApp } from './http/http-app.ts';
import { listen } from './http/http-server.ts';
import { createLiveDoor } from './http/live-door.ts';
import { createListeners } from './live/listeners.ts';
import { openMail } from './mail/open-mail.ts';
import { openPostOffice } from './mail/post-office.ts';
import { createContractRegistry } from './mcp/contract-registry.ts';
import { createMcpEndpoint, type McpEndpoint } from './mcp/endpoint.ts';
import type { Registry } from './mcp/registry.ts';
import { auditLinesWaiting, metrics } from './metrics.ts';
import { createInvitations } from './people/invitations.ts';
import { createPeople } from './people/people.ts';
import { createPersonLetters } from './people/person-letters.ts';
import { startPruning } from './prune.ts';
import { createPublicUrl } from './public-url.ts';
import { readiness } from './readiness.ts';

/** A running gateway, and the port that it took. */
export type App = AsyncDisposable & { readonly port: number };

/** Parts that a test replaces: what agents are offered. */
export type Replacements = {
	clock?: Clock;
	createRegistry?: (context: Context, secret: string, endpoint: McpEndpoint) => Registry;
};

/** How long after a failure the database is prepared again. */
const retryMs = 2_000;

/** Builds the gateway. It listens at once; Postgres and NATS may come later, and until then it says so. */
export async function createApp(
	values: Settings,
	{ logger, signal }: AppTools,
	{ createRegistry = createContractRegistry, clock = systemClock }: Replacements = {},
): Promise<App> {
	await using parts = new AsyncDisposableStack();
	const server = await listen({ port: values.PORT, host: values.HOST });
	const stopping = new AbortController();
	const publicUrl = createPublicUrl(
		values.CM_PUBLIC_URL ?? `http://localhost:${server.port}`,
		values.CM_ALLOWED_HOSTS,
		values.CM_SIMULATED_PHONE_URL,
	);
	const database = parts.use(
		openIdentityDatabase({ url: values.DATABASE_URL, schema: values.DATABASE_SCHEMA, logger }),
	);
	const preparing = prepare(database, logger, AbortSignal.any([signal, stopping.signal]));
	parts.defer(() => preparing);
	const tokens = createTokenAccess({
		store: createTokenStore(database),
		clock,
		logger,
		onUseNoted: (userId) => bus.tell(userId, { topic: 'tokens' }),
	});
	const listeners = createListeners();
	const replicas = parts.use(createReplicas({ clock }));
	const revocations = createRevocations({ replicas, clock, logger, forget: tokens.forget });
	const calls = parts.use(
		createSharedLimiter({
			perMinute: values.CM_RATE_LIMIT_PER_MINUTE,
			burst: values.CM_RATE_LIMIT_BURST,
			clock,
		}),
	);
	const secret = values.CM_AUTH_SECRET;
	const audit = parts.use(
		createAuditLog({
			database,
			clock,
			logger,
			secret,
			onWritten: (userIds) => {
				for (const userId of userIds) bus.tell(userId, { topic: 'audit' });
			},
		}),
	);
	parts.use(startPruning({ database, clock, logger, auditDays: values.CM_AUDIT_DAYS }));
	const mailer = openMail(values, publicUrl);
	const postOffice = parts.use(openPostOffice({ database, mailer, secret, clock, logger }));
	const bus = parts.use(
		openBusLink({
			login: busLogin(values),
			logger,
			onConnected(connected) {
				events.join(connected);
				replicas.join(connected);
				revocations.join(connected);
				calls.join(connected);
				listeners.join(connected);
				tokens.forgetAll();
			},
			onReconnected() {
				tokens.forgetAll();
				listeners.sayGap();
			},
		}),
	);
	const deletions = parts.use(
		createDeletions({ database, bus, tokens: revocations, postOffice, clock, logger }),
	);
	const events = parts.use(
		createEventConsumer({ context: { database, postOffice, publicUrl, deletions }, logger }),
	);
	const context: Context = {
		database,
		bus,
		tokens: { verify: tokens.verify, announceRevoked: revocations.announceRevoked },
		audit,
		grants: createGrants({ sign: createGrantSigner(values.CM_GRANT_PRIVATE_KEY), clock }),
		publicUrl,
		clock,
		logger,
	};
	const ready = async () => ({
		...(await readiness(context)),
		...(signal.aborted ? { service: 'stopping' } : {}),
	});
	parts.use(await startHealth({ port: values.HEALTH_PORT, host: values.HEALTH_HOST, ready, metrics }));
	parts.use(showReadiness(metrics.shared.ready, ready));
	parts.use(showConnections(metrics.shared.databaseConnections, database));
	parts.use(auditLinesWaiting.show(() => [{ labels: {}, value: audit.waiting() }]));
	const letters = createPersonLetters({ database, postOffice, publicUrl });
	const people = parts.use(
		createPeople({
			...context,
			letters,
			invitations: createInvitations({ database, clock }),
			deletions,
			sendsMail: postOffice.isOpen,
			secret,
			signUp: values.CM_SIGNUP,
			signUpsPerHour: values.CM_SIGN_UPS_PER_HOUR,
			signInsPerMinute: values.CM_SIGN_INS_PER_MINUTE,
		}),
	);
	const live = createLiveDoor({ context, people, listeners });
	const endpoint = parts.use(createMcpEndpoint({ logger }));
	server.handle(
		createHttpApp({
			context,
			ready,
			people,
			listeners,
			live,
			endpoint,
			registry: createRegistry(context, secret, endpoint),
			calls,
			dashboardDir: values.CM_DASHBOARD_DIR,
			trustedProxies: values.CM_TRUSTED_PROXIES,
		}),
	);
	logger.info({ url: publicUrl.origin, port: server.port }, 'listening');
	// The last to come is the first to go: no request is taken any more while the rest is put away.
	parts.use(server);
	// Before it, for they last as long as somebody looks.
	parts.defer(live.close);
	parts.defer(() => stopping.abort());
	// First of all whoever sends it requests is given the time to see that it goes.
	parts.defer(async () => {
		if (signal.aborted) await sleep(clock, values.CM_LEAVE_SECONDS * 1_000);
	});
	const built = parts.move();
	return { port: server.port, [Symbol.asyncDispose]: () => built.disposeAsync() };
}

/** Until it succeeds: a database that is not there yet, or a role that is made later, needs no restart. */
async function prepare(database: IdentityDatabase, logger: Logger, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		try {
			return await database.prepare(signal);
		} catch (error) {
			if (signal.aborted) return;
			logger.error({ err: error }, 'the database could not be prepared; trying again');
			await sleep(systemClock, retryMs, signal).catch(() => undefined);
		}
	}
}
