import { AppError } from '@chat-manager/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { entryQuery, invitationQuery, signUp } from '../api/people.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Loading } from '../parts/loading.tsx';
import { Note } from '../parts/note.tsx';
import { entryWords } from '../words/entry.ts';
import { useLanguage, useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { SignUpForm } from './sign-up-form.tsx';
import { useEnter } from './use-enter.ts';
import { useLinkToken } from './use-link-token.ts';

/** Where an account is made; where that takes an invitation, or is not done at all, it says so instead of asking in vain. */
export function SignUpPage() {
	const words = useWords(entryWords);
	const search = useSearch({ from: '/sign-up' });
	const { data: offered } = useQuery(entryQuery);
	const token = useLinkToken('invitation');
	return (
		<EntryFrame title={words.signUp} intro={words.signUpIntro}>
			{offered?.signUp === 'closed' && <Note>{words.signUpShut}</Note>}
			{offered?.signUp === 'invite' &&
				(token === '' ? <Note>{words.inviteOnly}</Note> : <Invited key={token} token={token} />)}
			{(offered === undefined || offered.signUp === 'open') && <Register />}
			<p className="soft">
				{words.haveAccount}{' '}
				<Link to="/sign-in" search={search.next === undefined ? {} : { next: search.next }}>
					{words.signIn}
				</Link>
			</p>
		</EntryFrame>
	);
}

/** Whoever has the link of an invitation. */
function Invited({ token }: { token: string }) {
	const { data: invitation, error } = useQuery(invitationQuery(token));
	if (error !== null) return <Refused error={error} />;
	if (invitation === undefined) return <Loading lines={2} />;
	return <Register invitation={{ token, email: invitation.email }} />;
}

function Register({ invitation }: { invitation?: { token: string; email: string | null } }) {
	const words = useWords(entryWords);
	const { next } = useSearch({ from: '/sign-up' });
	const enter = useEnter(next);
	const { language } = useLanguage();
	const entering = useMutation({ mutationFn: signUp, onSuccess: enter, meta: { asksPassword: true } });
	const { error } = entering;
	// Signing up never tells whether an address has an account; signing in right after it does, by the password.
	const mayExist = error instanceof AppError && error.code === 'unauthenticated';
	return (
		<>
			{mayExist ? <Told>{words.accountMayExist}</Told> : <Refused error={error} />}
			<SignUpForm
				email={invitation?.email ?? null}
				isBusy={entering.isPending || entering.isSuccess}
				onValid={(account) =>
					entering.mutate({
						...account,
						language,
						...(invitation !== undefined && { invitation: invitation.token }),
					})
				}
			/>
		</>
	);
}

/** An invitation that is good for nothing (any more) is told in the person's language. */
function Refused({ error }: { error: Error | null }) {
	const words = useWords(entryWords);
	const isOver = error instanceof AppError && error.code === 'forbidden';
	return isOver ? <Told>{words.invitationOver}</Told> : <ErrorNote error={error} />;
}

function Told({ children }: { children: ReactNode }) {
	return (
		<Note look="danger" role="alert">
			{children}
		</Note>
	);
}
