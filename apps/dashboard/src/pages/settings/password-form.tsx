import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { changePassword, sessionQuery } from '../../api/people.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { PasswordField } from '../../parts/text-field.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from '../../words/settings.ts';

const Passwords = z.object({
	currentPassword: z.string().min(1).max(256),
	newPassword: z.string().min(10).max(256),
});

export function PasswordForm() {
	const words = useWords(settingsWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	// A new form after each success, so that no password stays in it.
	const [round, setRound] = useState(0);
	const changing = useMutation({
		mutationFn: changePassword,
		meta: { asksPassword: true },
		onSuccess() {
			setRound(round + 1);
			notice.done(words.passwordChanged);
			// Another session has taken the place of the one that asked.
			void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
		},
	});
	return (
		<ContractForm
			key={round}
			schema={Passwords}
			onValid={(value) => changing.mutate(value)}
			faultOf={{ currentPassword: words.currentMissing, newPassword: words.newShort }}
		>
			<ErrorNote error={changing.error} />
			<PasswordField name="currentPassword" label={words.currentPassword} autoComplete="current-password" />
			<PasswordField
				name="newPassword"
				label={words.newPassword}
				hint={words.newPasswordHint}
				autoComplete="new-password"
			/>
			<Button type="submit" isBusy={changing.isPending}>
				{words.changePassword}
			</Button>
		</ContractForm>
	);
}
