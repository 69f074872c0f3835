import { Dialog } from '@base-ui/react/dialog';
import { WithPassword } from '@chat-manager/contracts';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button, type ButtonLook } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Modal } from '../../parts/modal.tsx';
import { PasswordField } from '../../parts/text-field.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';

/** A button for what the password is asked for each time; what comes of it may be shown before the dialog closes. */
export function PasswordDialog<Result>({
	label,
	title,
	text,
	look = 'plain',
	act,
	then,
}: {
	label: string;
	title: string;
	text: string;
	look?: ButtonLook;
	act: (password: string) => Promise<Result>;
	then?: (result: Result, close: () => void) => ReactNode;
}) {
	const words = useWords(securityWords);
	const [isOpen, setOpen] = useState(false);
	const acting = useMutation({
		mutationFn: act,
		onSuccess: () => then === undefined && setOpen(false),
		meta: { asksPassword: true },
		gcTime: 0,
	});
	return (
		<Dialog.Root
			open={isOpen}
			onOpenChange={(open) => {
				setOpen(open);
				acting.reset();
			}}
			// What is shown this once must not go away by a slip of the pointer.
			disablePointerDismissal
		>
			<Dialog.Trigger className={`button button-${look === 'danger' ? 'plain' : look}`}>
				{label}
			</Dialog.Trigger>
			{acting.isSuccess && then !== undefined ? (
				then(acting.data, () => setOpen(false))
			) : (
				<Modal title={title} text={text}>
					<ContractForm
						schema={WithPassword}
						onValid={({ password }) => acting.mutate(password)}
						faultOf={{ password: words.passwordMissing }}
					>
						<ErrorNote error={acting.error} />
						<PasswordField name="password" label={words.password} autoComplete="current-password" />
						<Button type="submit" look={look === 'plain' ? 'primary' : look} isBusy={acting.isPending}>
							{look === 'danger' ? label : words.goOn}
						</Button>
					</ContractForm>
				</Modal>
			)}
		</Dialog.Root>
	);
}
