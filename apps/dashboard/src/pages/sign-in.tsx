import { useMutation } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { z } from 'zod';
import { signIn } from '../api/people.ts';
import { Button } from '../parts/button.tsx';
import { ContractForm } from '../parts/contract-form.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { PasswordField, TextField } from '../parts/text-field.tsx';
import { entryWords } from '../words/entry.ts';
import { useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { useEnter } from './use-enter.ts';

const SignIn = z.object({ email: z.string().trim().min(1), password: z.string().min(1) });

export function SignInPage() {
	const words = useWords(entryWords);
	const search = useSearch({ from: '/sign-in' });
	const enter = useEnter(search.next);
	const entering = useMutation({ mutationFn: signIn, onSuccess: enter, meta: { asksPassword: true } });
	return (
		<EntryFrame title={words.signInTitle}>
			{search.expired === true && !entering.isError && <p className="note">{words.expired}</p>}
			<ErrorNote error={entering.error} />
			<ContractForm
				schema={SignIn}
				onValid={(value) => entering.mutate(value)}
				faultOf={{ email: words.emailMissing, password: words.passwordMissing }}
			>
				<TextField name="email" label={words.email} type="email" autoComplete="username" autoFocus />
				<PasswordField name="password" label={words.password} autoComplete="current-password" />
				<Button type="submit" look="primary" isBusy={entering.isPending || entering.isSuccess}>
					{words.signIn}
				</Button>
			</ContractForm>
			<p className="soft">
				{words.noAccount}{' '}
				<Link to="/sign-up" search={search.next === undefined ? {} : { next: search.next }}>
					{words.signUpShort}
				</Link>
			</p>
		</EntryFrame>
	);
}
