import { Dialog } from '@base-ui/react/dialog';
import { DeleteAccount as Input } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteAccount, sessionQuery } from '../../api/people.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Modal } from '../../parts/modal.tsx';
import { PasswordField, TextField } from '../../parts/text-field.tsx';
import { dataWords } from '../../words/data.ts';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';
import { PasskeyInstead } from './confirm-identity.tsx';

/** The end of an account: the address is typed, and the password or a passkey asked for, however fresh the session is. */
export function DeleteAccount({ email }: { email: string }) {
	const words = useWords(dataWords);
	const [isOpen, setOpen] = useState(false);
	return (
		<section className="card settings-card card-danger">
			<h2>{words.deleteTitle}</h2>
			<p className="soft">{words.deleteHint}</p>
			<div className="actions">
				<Dialog.Root open={isOpen} onOpenChange={setOpen}>
					<Dialog.Trigger className="button button-danger">{words.delete}</Dialog.Trigger>
					<Modal title={words.deleteDialog} text={words.deleteHint}>
						<DeleteForm email={email} />
					</Modal>
				</Dialog.Root>
			</div>
		</section>
	);
}

function DeleteForm({ email }: { email: string }) {
	const words = useWords(dataWords);
	const security = useWords(securityWords);
	const queryClient = useQueryClient();
	const navigate = useNavigate();
	const [isConfirmed, setConfirmed] = useState(false);
	const deleting = useMutation({
		mutationFn: deleteAccount,
		meta: { asksPassword: true },
		async onSuccess() {
			// First: what the page still asks for is refused from now on, and must not lead to the sign-in.
			queryClient.setQueryData(sessionQuery.queryKey, null);
			await navigate({ to: '/goodbye' });
			queryClient.clear();
			queryClient.setQueryData(sessionQuery.queryKey, null);
		},
	});
	const isSame = (typed: string) => typed.trim().toLowerCase() === email.toLowerCase();
	return (
		<div className="stack">
			<ContractForm
				schema={Input.extend({
					password: isConfirmed ? Input.shape.password : Input.shape.password.unwrap(),
				}).refine((value) => isSame(value.email), { path: ['email'] })}
				read={({ email: typed = '', password }) => ({
					email: typed.trim(),
					...(isConfirmed ? {} : { password }),
				})}
				onValid={({ email: typed, password }) =>
					deleting.mutate({ email: typed, ...(password === undefined ? {} : { password }) })
				}
				faultOf={{ email: words.emailDiffers, password: security.passwordMissing }}
			>
				<ErrorNote error={deleting.error} />
				<TextField name="email" label={words.typeEmail} hint={email} type="email" autoComplete="off" />
				{!isConfirmed && (
					<PasswordField name="password" label={security.password} autoComplete="current-password" />
				)}
				<Button type="submit" look="danger" isBusy={deleting.isPending || deleting.isSuccess}>
					{words.deleteForGood}
				</Button>
			</ContractForm>
			{!isConfirmed && <PasskeyInstead onConfirmed={() => setConfirmed(true)} />}
		</div>
	);
}
