/** The connector hears of the setting a moment after it was switched: what comes in between is not stored either. */
export function isPaused(event: { at: string }, since: Date | undefined): boolean {
	return since !== undefined && new Date(event.at) >= since;
}
