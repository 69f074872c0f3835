import { AppError, toAppError } from '@chat-manager/contracts';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ConnectionLost } from '../api/connection.ts';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';

/** The sentence that tells what went wrong and what to do: the server's own, or ours when it did not answer. */
export function useSentence(): (error: unknown) => string {
	const words = useWords(partWords);
	return (error) => {
		if (error instanceof ConnectionLost) return words.connectionLost;
		return (error instanceof AppError ? error : toAppError(error)).message;
	};
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
