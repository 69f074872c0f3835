import { useEffect, useState } from 'react';

/** Whole seconds until an instant, counted down while they are shown; never below 0. */
export function useSecondsLeft(instant: string | null): number | undefined {
	const [nowMs, setNowMs] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNowMs(Date.now()), 500);
		return () => clearInterval(timer);
	}, []);
	if (instant === null) return undefined;
	return Math.max(0, Math.ceil((new Date(instant).getTime() - nowMs) / 1_000));
}
