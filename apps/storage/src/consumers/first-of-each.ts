/** Without the repeats of an event among themselves: the first is the one whose place in the stream counts. */
export function firstOfEach<E extends { userId: string; id: string }>(events: readonly E[]): E[] {
	const first = new Map<string, E>();
	for (const event of events) {
		const name = `${event.userId} ${event.id}`;
		if (!first.has(name)) first.set(name, event);
	}
	return [...first.values()];
}
