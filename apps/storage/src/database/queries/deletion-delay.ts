/** How long the stored messages of a group stay after it was unstarred. Longer than the stream keeps events (72 h). */
export const deletionDelayMs = 7 * 24 * 3_600_000;
