import { accountChangeRoutes } from './account-change-routes.ts';
import { accountRoutes } from './account-routes.ts';
import { deviceRoutes } from './device-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import { groupChangeRoutes } from './group-change-routes.ts';
import { groupRoutes } from './group-routes.ts';
import { linkedDeviceRoutes } from './linked-device-routes.ts';
import { messageRoutes } from './message-routes.ts';
import type { Route } from './route.ts';
import { screenRoutes } from './screen-routes.ts';
import { serverRoutes } from './server-routes.ts';

/** Every admin route. */
export const routes: readonly Route[] = [
	...accountRoutes,
	...accountChangeRoutes,
	...groupRoutes,
	...groupChangeRoutes,
	...messageRoutes,
	...deviceRoutes,
	...faultRoutes,
	...serverRoutes,
	...screenRoutes,
	...linkedDeviceRoutes,
];
