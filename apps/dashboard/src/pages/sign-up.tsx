import { AppError, SignUp } from '@chat-manager/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { entryQuery, signUp } from '../api/people.ts';
import { Button } from '../parts/button.tsx';
import { ContractForm } from '../parts/contract-form.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { PasswordField, TextField } from '../parts/text-field.tsx';
import { entryWords } from '../words/entry.ts';
import { useLanguage, useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { useEnter } from './use-enter.ts';

export function SignUpPage() {
	const words = useWords(entryWords);
	const search = useSearch({ from: '/sign-up' });
	const enter = useEnter(search.next);
	const { language } = useLanguage();
	const { data: offered } = useQuery(entryQuery);
	const entering = useMutation({
		mutationFn: signUp,
		onSuccess: enter,
		meta: { asksPassword: true },
	});
	// Signing up never tells whether an address has an account; signing in right after it does, by the password.
	const mayExist = entering.error instanceof AppError && entering.error.code === 'unauthenticated';
	return (
		<EntryFrame title={words.signUp} intro={words.signUpIntro}>
			{mayExist ? (
				<p className="note note-danger" role="alert">
					{words.accountMayExist}
				</p>
			) : (
				<ErrorNote error={entering.error} />
			)}
			{offered !== undefined && offered.signUp !== 'open' && <p className="note">{words.signUpShut}</p>}
			<ContractForm
				schema={SignUp}
				read={({ email = '', ...rest }) => ({ ...rest, email: email.trim() })}
				onValid={(value) => entering.mutate({ ...value, language })}
				faultOf={{ email: words.emailMissing, password: words.passwordShort }}
			>
				<TextField
					name="name"
					label={
						<>
							{words.name} <span className="soft">({words.optional})</span>
						</>
					}
					autoComplete="name"
					autoFocus
					dir="auto"
				/>
				<TextField name="email" label={words.email} type="email" autoComplete="username" />
				<PasswordField
					name="password"
					label={words.password}
					hint={words.passwordHint}
					autoComplete="new-password"
				/>
				<Button type="submit" look="primary" isBusy={entering.isPending || entering.isSuccess}>
					{words.signUpShort}
				</Button>
			</ContractForm>
			<p className="soft">
				{words.haveAccount}{' '}
				<Link to="/sign-in" search={search.next === undefined ? {} : { next: search.next }}>
					{words.signIn}
				</Link>
			</p>
		</EntryFrame>
	);
}
