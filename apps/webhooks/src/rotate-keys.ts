import { runRewrapping } from '@chat-manager/backend';

/** A command, not a service; see `rewrap-keys.ts` of the backend. */
await runRewrapping('webhooks');
