import type { QueryClient } from '@tanstack/react-query';
import {
	createRootRouteWithContext,
	createRoute,
	createRouter,
	lazyRouteComponent,
	redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { entryQuery, sessionQuery } from '../api/people.ts';
import { PageFailed, PageMissing } from '../pages/page-missing.tsx';
import { Root } from './root.tsx';
import { Shell } from './shell.tsx';

type RouterContext = { readonly queryClient: QueryClient };

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Root });

/** Where to go after signing in: an address of our own, whatever stands in the link. */
const Entry = z.object({
	next: z
		.string()
		.regex(/^\/(?![/\\])/)
		.optional()
		.catch(undefined),
	expired: z.boolean().optional().catch(undefined),
	/** A new password was just chosen. */
	changed: z.boolean().optional().catch(undefined),
});

/** Who is signed in already goes on. */
async function goOnIfSignedIn({
	context,
	search,
}: {
	context: RouterContext;
	search: z.infer<typeof Entry>;
}) {
	const user = await context.queryClient.ensureQueryData(sessionQuery).catch(() => null);
	if (user !== null) throw redirect({ href: search.next ?? '/' });
}

const signInRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: 'sign-in',
	validateSearch: Entry,
	beforeLoad: goOnIfSignedIn,
	component: lazyRouteComponent(() => import('../pages/sign-in.tsx'), 'SignInPage'),
});

const signUpRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: 'sign-up',
	validateSearch: Entry,
	beforeLoad: goOnIfSignedIn,
	// So that no form is shown that cannot be sent.
	loader: ({ context }) => context.queryClient.ensureQueryData(entryQuery).catch(() => undefined),
	component: lazyRouteComponent(() => import('../pages/sign-up.tsx'), 'SignUpPage'),
});

const forgottenPasswordRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: 'forgotten-password',
	component: lazyRouteComponent(() => import('../pages/forgotten-password.tsx'), 'ForgottenPasswordPage'),
});

const resetPasswordRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: 'reset-password',
	component: lazyRouteComponent(() => import('../pages/reset-password.tsx'), 'ResetPasswordPage'),
});

const confirmEmailRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: 'confirm-email',
	component: lazyRouteComponent(() => import('../pages/confirm-email.tsx'), 'ConfirmEmailPage'),
});

const goodbyeRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: 'goodbye',
	component: lazyRouteComponent(() => import('../pages/goodbye.tsx'), 'GoodbyePage'),
});

/** Everything that needs somebody who is signed in. */
const shellRoute = createRoute({
	getParentRoute: () => rootRoute,
	id: 'shell',
	async beforeLoad({ context, location }) {
		const user = await context.queryClient.ensureQueryData(sessionQuery);
		if (user !== null) return;
		const next = `${location.pathname}${location.searchStr}`;
		throw redirect({ to: '/sign-in', search: next === '/' ? {} : { next } });
	},
	component: Shell,
});

const overviewRoute = createRoute({
	getParentRoute: () => shellRoute,
	path: '/',
	component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const deviceRoute = createRoute({
	getParentRoute: () => shellRoute,
	path: 'device',
	component: lazyRouteComponent(() => import('../pages/device/device-page.tsx'), 'DevicePage'),
});

const groupsRoute = createRoute({
	getParentRoute: () => shellRoute,
	path: 'groups',
	component: lazyRouteComponent(() => import('../pages/groups/groups-page.tsx'), 'GroupsPage'),
});

const GroupTab = z.enum(['messages', 'members', 'changes', 'history']);

/** A group by the number of its JID: a path that ends in `@g.us` would look like a file. */
const groupRoute = createRoute({
	getParentRoute: () => shellRoute,
	path: 'groups/$number',
	validateSearch: z.object({ tab: GroupTab.optional().catch(undefined) }),
	component: lazyRouteComponent(() => import('../pages/group/group-page.tsx'), 'GroupPage'),
});

const settingsRoute = createRoute({
	getParentRoute: () => shellRoute,
	path: 'settings',
	component: lazyRouteComponent(() => import('../pages/settings/settings-frame.tsx'), 'SettingsFrame'),
});

const settingsIndexRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: '/',
	beforeLoad: () => {
		throw redirect({ to: '/settings/mcp' });
	},
});

const mcpRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: 'mcp',
	component: lazyRouteComponent(() => import('../pages/tokens/mcp-page.tsx'), 'McpPage'),
});

const webhooksRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: 'webhooks',
	component: lazyRouteComponent(() => import('../pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const webhookRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: 'webhooks/$id',
	component: lazyRouteComponent(() => import('../pages/webhooks/webhook-page.tsx'), 'WebhookPage'),
});

const activityRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: 'activity',
	component: lazyRouteComponent(() => import('../pages/activity/activity-page.tsx'), 'ActivityPage'),
});

const accountRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: 'account',
	component: lazyRouteComponent(() => import('../pages/settings/account-page.tsx'), 'AccountPage'),
});

const routeTree = rootRoute.addChildren([
	signInRoute,
	signUpRoute,
	forgottenPasswordRoute,
	resetPasswordRoute,
	confirmEmailRoute,
	goodbyeRoute,
	shellRoute.addChildren([
		overviewRoute,
		deviceRoute,
		groupsRoute,
		groupRoute,
		settingsRoute.addChildren([
			settingsIndexRoute,
			mcpRoute,
			webhooksRoute,
			webhookRoute,
			activityRoute,
			accountRoute,
		]),
	]),
]);

export function createAppRouter(queryClient: QueryClient) {
	return createRouter({
		routeTree,
		basepath: '/app',
		context: { queryClient },
		defaultPreload: 'intent',
		notFoundMode: 'root',
		defaultNotFoundComponent: PageMissing,
		defaultErrorComponent: PageFailed,
		scrollRestoration: true,
	});
}
