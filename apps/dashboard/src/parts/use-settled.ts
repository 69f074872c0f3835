import { useEffect, useState } from 'react';

/** How long nothing is typed until it counts. */
const settleMs = 250;

/** A text once nobody is typing any more, so that not every letter asks the server. */
export function useSettled(text: string): string {
	const [settled, setSettled] = useState(text);
	useEffect(() => {
		const timer = setTimeout(() => setSettled(text), settleMs);
		return () => clearTimeout(timer);
	}, [text]);
	return settled;
}
