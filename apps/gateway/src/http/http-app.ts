import type { Readiness } from '@chat-manager/service';
import express, { type Express } from 'express';
import type { RateLimiter } from '../access/rate-limiter.ts';
import type { Context } from '../context.ts';
import type { Listeners } from '../live/listeners.ts';
import type { McpEndpoint } from '../mcp/endpoint.ts';
import type { Registry } from '../mcp/registry.ts';
import type { People } from '../people/people.ts';
import { createApiDoor } from './api-door.ts';
import { answerErrors, notFound } from './errors.ts';
import { createExportDoor } from './export-door.ts';
import { createHealthDoor } from './health-door.ts';
import type { LiveDoor } from './live-door.ts';
import { createMcpDoor } from './mcp-door.ts';
import { createOauthDoor } from './oauth-door.ts';
import { assertOwnHost } from './origin.ts';
import { createPages } from './pages.ts';
import { createPeopleDoor } from './people-door.ts';
import { securityHeaders } from './security-headers.ts';
import { traceRequests } from './trace-requests.ts';

export type HttpParts = {
	context: Context;
	/** What it depends on, and whether it goes. */
	ready: () => Promise<Readiness>;
	people: People;
	listeners: Listeners;
	live: LiveDoor;
	endpoint: McpEndpoint;
	/** What agents are offered. */
	registry: Registry;
	/** How much an access token may call. */
	calls: RateLimiter;
	dashboardDir: string | undefined;
	/** Whose X-Forwarded-For is believed. */
	trustedProxies: readonly string[];
};

/** All doors of the gateway, in the order in which a request comes past them. */
export function createHttpApp(parts: HttpParts): Express {
	const { context, dashboardDir, trustedProxies } = parts;
	const app = express();
	app.disable('x-powered-by');
	app.disable('etag');
	app.set('query parser', 'simple');
	app.set('trust proxy', [...trustedProxies]);
	app.use(securityHeaders(context.publicUrl));
	app.use(createHealthDoor(parts.ready));
	app.use(assertOwnHost(context.publicUrl));
	app.all('/mcp', traceRequests('/mcp'), createMcpDoor(parts));
	app.use(createOauthDoor(context.publicUrl));
	app.use('/api/auth', createPeopleDoor(parts));
	app.all('/api/account/export', createExportDoor(parts));
	app.all('/api/events', parts.live.handle);
	app.use('/api', traceRequests('/api'), createApiDoor(parts));
	app.use(createPages(dashboardDir));
	app.use(notFound);
	app.use(answerErrors(context.logger));
	return app;
}
