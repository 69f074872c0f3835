import { Dialog } from '@base-ui/react/dialog';
import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import { Modal } from './modal.tsx';

/** A button that opens a form; whoever knows that it is done closes it. Opened anew, it begins anew. */
export function FormDialog(props: {
	icon: LucideIcon;
	label: string;
	title: string;
	text?: string;
	disabled?: boolean;
	/** The form, given what closes it. */
	children: (close: () => void) => ReactNode;
}) {
	const { icon: Icon, label, title, text, disabled = false, children } = props;
	const [isOpen, setOpen] = useState(false);
	const close = useCallback(() => setOpen(false), []);
	return (
		<Dialog.Root open={isOpen} onOpenChange={setOpen}>
			<Dialog.Trigger className="button button-plain" disabled={disabled}>
				<Icon aria-hidden size={16} />
				{label}
			</Dialog.Trigger>
			<Modal title={title} {...(text === undefined ? {} : { text })}>
				{children(close)}
			</Modal>
		</Dialog.Root>
	);
}
