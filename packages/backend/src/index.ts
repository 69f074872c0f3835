export { createErasure, type Erasure } from './erasure.ts';
export type { EventKeys } from './event-keys.ts';
export { type Backend, openBackend } from './open-backend.ts';
export { isOutage, sayUnavailable } from './outage.ts';
export { rewrapKeys, rotationShape, runRewrapping } from './rewrap-keys.ts';
export { type BackendSettings, backendShape } from './settings.ts';
export { createVault, type Place, type Renewal, type Vault } from './vault.ts';
