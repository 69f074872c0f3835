import { SignIn } from '@chat-manager/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { CircleCheck, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { canUsePasskeys, enterWithPasskey, wasCalledOff } from '../api/passkeys.ts';
import { entryQuery, signIn } from '../api/people.ts';
import { Button } from '../parts/button.tsx';
import { ContractForm } from '../parts/contract-form.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Note } from '../parts/note.tsx';
import { PasswordField, TextField } from '../parts/text-field.tsx';
import { entryWords } from '../words/entry.ts';
import { useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { SecondStep } from './second-step.tsx';
import { useEnter } from './use-enter.ts';

export function SignInPage() {
	const words = useWords(entryWords);
	const search = useSearch({ from: '/sign-in' });
	const enter = useEnter(search.next);
	const [wantsCode, setWantsCode] = useState(false);
	const { data: offered } = useQuery(entryQuery);
	const entering = useMutation({
		mutationFn: signIn,
		onSuccess: async (outcome) => (outcome === 'second_factor' ? setWantsCode(true) : await enter()),
		meta: { asksPassword: true },
	});
	const byPasskey = useMutation({
		mutationFn: enterWithPasskey,
		onSuccess: enter,
		meta: { asksPassword: true },
	});
	if (wantsCode) return <SecondStep onEntered={enter} onGivenUp={() => setWantsCode(false)} />;
	const isBusy = entering.isPending || (entering.isSuccess && entering.data === 'signed_in');
	return (
		<EntryFrame title={words.signInTitle}>
			{search.expired === true && !entering.isError && <Note>{words.expired}</Note>}
			{search.changed === true && !entering.isError && <Note icon={CircleCheck}>{words.passwordSaved}</Note>}
			<ErrorNote error={entering.error} />
			{!wasCalledOff(byPasskey.error) && <ErrorNote error={byPasskey.error} />}
			<ContractForm
				schema={SignIn.pick({ email: true, password: true })}
				read={({ email = '', ...rest }) => ({ ...rest, email: email.trim() })}
				onValid={(value) => {
					byPasskey.reset();
					entering.mutate(value);
				}}
				faultOf={{ email: words.emailMissing, password: words.passwordMissing }}
			>
				<TextField name="email" label={words.email} type="email" autoComplete="username" autoFocus />
				<PasswordField name="password" label={words.password} autoComplete="current-password" />
				<Button type="submit" look="primary" isBusy={isBusy}>
					{words.signIn}
				</Button>
			</ContractForm>
			{canUsePasskeys() && (
				<Button
					isBusy={byPasskey.isPending || byPasskey.isSuccess}
					onClick={() => {
						entering.reset();
						byPasskey.mutate();
					}}
				>
					<KeyRound aria-hidden size={16} />
					{words.withPasskey}
				</Button>
			)}
			{offered?.sendsMail === true && (
				<p>
					<Link to="/forgotten-password">{words.forgotten}</Link>
				</p>
			)}
			{offered?.sendsMail === false && <p className="soft">{words.noMail}</p>}
			{offered?.signUp === 'invite' && <p className="soft">{words.inviteOnly}</p>}
			{offered?.signUp === 'open' && (
				<p className="soft">
					{words.noAccount}{' '}
					<Link to="/sign-up" search={search.next === undefined ? {} : { next: search.next }}>
						{words.signUpShort}
					</Link>
				</p>
			)}
		</EntryFrame>
	);
}
