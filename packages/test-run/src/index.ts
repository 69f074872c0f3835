export { createRandom, type Random } from './random.ts';
export { isFull } from './settings.ts';
