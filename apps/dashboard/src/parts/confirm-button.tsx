import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useMutation } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';
import { Button, type ButtonLook } from './button.tsx';
import { ErrorNote } from './error-note.tsx';

type ConfirmProps = {
	label: string;
	title: string;
	/** What will happen, so that nobody is surprised. */
	text: string;
	/** What it says on the button that does it; `label` unless told. */
	action?: string;
	/** The dialog stays open with the reason when it is refused. */
	onConfirm: () => Promise<unknown>;
};

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton({
	icon: Icon,
	look = 'plain',
	...rest
}: ConfirmProps & { icon?: LucideIcon; look?: ButtonLook }) {
	const face = (
		<>
			{Icon !== undefined && <Icon aria-hidden size={16} />}
			{rest.label}
		</>
	);
	return <Confirm {...rest} className={`button button-${look}`} face={face} />;
}

/** The same with a face of its own; its label is read out. */
export function Confirm(props: ConfirmProps & { className: string; face: ReactNode }) {
	const { label, className, face, title, text, action = label, onConfirm } = props;
	const words = useWords(partWords);
	const [isOpen, setOpen] = useState(false);
	const doing = useMutation({ mutationFn: onConfirm, onSuccess: () => setOpen(false) });
	return (
		<AlertDialog.Root
			open={isOpen}
			onOpenChange={(open) => {
				setOpen(open);
				doing.reset();
			}}
		>
			<AlertDialog.Trigger className={className} aria-label={label} title={label}>
				{face}
			</AlertDialog.Trigger>
			<AlertDialog.Portal>
				<AlertDialog.Backdrop className="backdrop" />
				<AlertDialog.Popup className="dialog">
					<AlertDialog.Title className="dialog-title" dir="auto">
						{title}
					</AlertDialog.Title>
					<AlertDialog.Description className="soft">{text}</AlertDialog.Description>
					<ErrorNote error={doing.error} />
					<div className="dialog-actions">
						<AlertDialog.Close className="button button-plain">{words.cancel}</AlertDialog.Close>
						<Button look="danger" isBusy={doing.isPending} onClick={() => doing.mutate()}>
							{action}
						</Button>
					</div>
				</AlertDialog.Popup>
			</AlertDialog.Portal>
		</AlertDialog.Root>
	);
}
