/** Hears what the bus does, for metrics. */
export type BusWatch = {
	operationAnswered(operation: string, code: string, ms: number): void;
	eventPublished(type: string, outcome: 'stored' | 'failed', ms: number): void;
	/** `lagMs`: from when it was stored to when it was handled. */
	eventHandled(durable: string, type: string, outcome: 'handled' | 'failed', lagMs: number): void;
	connectionChanged(change: 'lost' | 'back'): void;
	/** NATS refused something that our user may not do. */
	refused(): void;
};

export const unwatched: BusWatch = {
	operationAnswered() {},
	eventPublished() {},
	eventHandled() {},
	connectionChanged() {},
	refused() {},
};
