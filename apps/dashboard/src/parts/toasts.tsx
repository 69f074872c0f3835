import { Toast } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useMemo } from 'react';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';
import { useSentence } from './error-note.tsx';

/** Where short notices appear. */
export function Toasts() {
	const { toasts } = Toast.useToastManager();
	const words = useWords(partWords);
	return (
		<Toast.Portal>
			<Toast.Viewport className="toasts" aria-label={words.notifications}>
				{toasts.map((toast) => (
					<Toast.Root key={toast.id} toast={toast} className="toast" data-kind={toast.type}>
						{toast.type === 'error' ? (
							<CircleAlert aria-hidden size={18} />
						) : (
							<CircleCheck aria-hidden size={18} />
						)}
						<Toast.Title className="toast-title" render={<p />} />
						<Toast.Close className="icon-button" aria-label={words.close}>
							<X aria-hidden size={16} />
						</Toast.Close>
					</Toast.Root>
				))}
			</Toast.Viewport>
		</Toast.Portal>
	);
}

/** Says that something was done, or why it was not. */
export function useNotice(): {
	done(sentence: string): void;
	warn(sentence: string): void;
	failed(error: unknown): void;
} {
	const { add } = Toast.useToastManager();
	const sentence = useSentence();
	return useMemo(() => {
		const warn = (title: string) => void add({ title, type: 'error', timeout: 10_000, priority: 'high' });
		return {
			done: (title) => void add({ title, type: 'done', timeout: 4_000 }),
			warn,
			failed: (error) => warn(sentence(error)),
		};
	}, [add, sentence]);
}
