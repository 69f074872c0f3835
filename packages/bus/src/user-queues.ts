import PQueue from 'p-queue';

/** Runs tasks with at most `concurrency` of one user at a time, so that one user's burst cannot take a whole service. */
export function createUserQueues(concurrency: number) {
	const queues = new Map<string, PQueue>();
	return {
		async run<T>(userId: string, task: () => Promise<T>): Promise<T> {
			const queue = queues.get(userId) ?? new PQueue({ concurrency });
			queues.set(userId, queue);
			try {
				return await queue.add(task);
			} finally {
				if (queue.size === 0 && queue.pending === 0) queues.delete(userId);
			}
		},
		/** Resolves when nothing runs any more. */
		async idle(): Promise<void> {
			await Promise.all([...queues.values()].map((queue) => queue.onIdle()));
		},
	};
}
