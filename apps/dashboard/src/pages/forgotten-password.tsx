import { ForgottenPassword } from '@chat-manager/contracts';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import { askForReset } from '../api/people.ts';
import { Button } from '../parts/button.tsx';
import { ContractForm } from '../parts/contract-form.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Note } from '../parts/note.tsx';
import { TextField } from '../parts/text-field.tsx';
import { entryWords } from '../words/entry.ts';
import { useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';

export function ForgottenPasswordPage() {
	const words = useWords(entryWords);
	const asking = useMutation({ mutationFn: askForReset, meta: { asksPassword: true } });
	return (
		<EntryFrame title={words.forgottenTitle} intro={words.forgottenIntro}>
			<ErrorNote error={asking.error} />
			{asking.isSuccess ? (
				<Note icon={MailCheck} role="status">
					{words.linkSent}
				</Note>
			) : (
				<ContractForm
					schema={ForgottenPassword}
					read={({ email = '' }) => ({ email: email.trim() })}
					onValid={(value) => asking.mutate(value)}
					faultOf={{ email: words.emailMissing }}
				>
					<TextField name="email" label={words.email} type="email" autoComplete="username" autoFocus />
					<Button type="submit" look="primary" isBusy={asking.isPending}>
						{words.sendLink}
					</Button>
				</ContractForm>
			)}
			<p>
				<Link to="/sign-in">{words.backToSignIn}</Link>
			</p>
		</EntryFrame>
	);
}
