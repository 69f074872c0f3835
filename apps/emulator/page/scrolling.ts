let last: string | undefined;
let lastReadable = false;

/** Before drawing: returns what brings the newest message into view afterwards, unless somebody reads older ones. */
export function keepAtEnd(chat: string | undefined): () => void {
	const before = document.querySelector('.log');
	const isAtEnd = before ? before.scrollHeight - before.scrollTop - before.clientHeight < 80 : true;
	const fromEnd = before ? before.scrollHeight - before.scrollTop : 0;
	const firstBefore = before?.querySelector('.bubble')?.id;
	return () => {
		const log = document.querySelector('.log');
		const isOther = chat !== last || !lastReadable;
		last = chat;
		lastReadable = log !== null;
		if (!log) return;
		if (isOther || isAtEnd) log.scrollTop = log.scrollHeight;
		// Older messages came in above: what was in view stays where it is.
		else if (log.querySelector('.bubble')?.id !== firstBefore) log.scrollTop = log.scrollHeight - fromEnd;
	};
}
