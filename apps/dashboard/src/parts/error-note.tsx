import { AppError, toAppError } from '@chat-manager/contracts';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { ConnectionLost } from '../api/connection.ts';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';
import { refusalWords } from '../words/refusals.ts';
import { useTimes } from '../words/times.ts';

/** Shorter waits are over before anybody has read of them. */
const toldWaitMs = 10_000;

/** The sentence that tells what went wrong and what to do, in the person's language where it is one that they meet. */
export function useSentence(): (error: unknown) => string {
	const words = useWords(partWords);
	const refusals = useWords(refusalWords);
	const times = useTimes();
	return useCallback(
		(error) => {
			if (error instanceof ConnectionLost) return words.connectionLost;
			const { code, message, retryAfterMs = 0 } = error instanceof AppError ? error : toAppError(error);
			const known = refusals[code];
			if (known === undefined) return message;
			if (retryAfterMs < toldWaitMs) return known;
			const at = new Date(Date.now() + retryAfterMs);
			const isToday = at.toDateString() === new Date().toDateString();
			const when = isToday ? times.clock(at.toISOString()) : times.full(at.toISOString());
			return `${known} ${refusals.notBefore(when)}`;
		},
		[words, refusals, times],
	);
}

export function ErrorNote({ error, children }: { error: unknown; children?: ReactNode }) {
	const sentence = useSentence();
	if (error === null || error === undefined) return null;
	return (
		<div className="note note-danger" role="alert">
			<CircleAlert aria-hidden size={18} />
			<div>
				<p>{sentence(error)}</p>
				{children}
			</div>
		</div>
	);
}
