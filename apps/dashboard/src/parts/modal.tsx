import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';

/** The window of a dialog; on a phone it comes up from below. */
export function Modal({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
	const words = useWords(partWords);
	const popup = useRef<HTMLDivElement>(null);
	// What had the focus can go when the content changes (the form makes room for the token): the new one is read out instead.
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new title is the sign of new content.
	useEffect(() => {
		if (document.activeElement === document.body) popup.current?.focus();
	}, [title]);
	return (
		<Dialog.Portal>
			<Dialog.Backdrop className="backdrop" />
			<Dialog.Popup ref={popup} className="dialog dialog-wide">
				<div className="dialog-head">
					<Dialog.Title className="dialog-title" dir="auto">
						{title}
					</Dialog.Title>
					<Dialog.Close className="icon-button" aria-label={words.close}>
						<X aria-hidden size={20} />
					</Dialog.Close>
				</div>
				{text !== undefined && <Dialog.Description className="soft">{text}</Dialog.Description>}
				{children}
			</Dialog.Popup>
		</Dialog.Portal>
	);
}
