/**
 * Everything that connections read and write passes here. While the gate is shut it waits, in order, so that the server
 * looks frozen; when it opens again the server goes on where it stopped.
 */
export type Gate = {
	pass(task: () => void): void;
	shut(): void;
	open(): void;
};

export function createGate(): Gate {
	let waiting: (() => void)[] | undefined;
	let shut = 0;
	return {
		pass(task) {
			if (waiting) waiting.push(task);
			else task();
		},
		shut() {
			shut++;
			waiting ??= [];
		},
		open() {
			shut = Math.max(0, shut - 1);
			if (shut > 0) return;
			const tasks = waiting ?? [];
			waiting = undefined;
			for (const task of tasks) task();
		},
	};
}
