import { createSharedMetrics } from '@chat-manager/service';

/** What storage tells Prometheus. */
export const metrics = createSharedMetrics();
