import { accountRoutes } from './account-routes.ts';
import { deviceRoutes } from './device-routes.ts';
import { groupRoutes } from './group-routes.ts';
import { messageRoutes } from './message-routes.ts';
import type { Route } from './route.ts';

/** Every admin route. */
export const routes: readonly Route[] = [...accountRoutes, ...groupRoutes, ...messageRoutes, ...deviceRoutes];
