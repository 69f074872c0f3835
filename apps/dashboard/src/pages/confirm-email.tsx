import { AppError } from '@chat-manager/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { confirmEmail, sessionQuery } from '../api/people.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Note } from '../parts/note.tsx';
import { emailWords } from '../words/email.ts';
import { entryWords } from '../words/entry.ts';
import { useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { useLinkToken } from './use-link-token.ts';

/** What the link opens that confirms an address. Asked with a button: programs that look at mails open links too. */
export function ConfirmEmailPage() {
	const token = useLinkToken('token');
	// Another link, opened in the same tab, begins anew.
	return <Confirmation key={token} token={token} />;
}

function Confirmation({ token }: { token: string }) {
	const words = useWords(emailWords);
	const entry = useWords(entryWords);
	const queryClient = useQueryClient();
	const { data: user } = useQuery(sessionQuery);
	const confirming = useMutation({
		mutationFn: confirmEmail,
		onSuccess: () => queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
		meta: { asksPassword: true },
	});
	if (confirming.isSuccess)
		return (
			<EntryFrame title={words.doneTitle} intro={words.done(confirming.data)}>
				<p role="status">
					{user == null ? (
						<Link to="/sign-in">{entry.signIn}</Link>
					) : (
						<Link to="/settings/account">{words.toAccount}</Link>
					)}
				</p>
			</EntryFrame>
		);
	const fault = confirming.error instanceof AppError ? confirming.error.code : undefined;
	const isOver = token === '' || fault === 'invalid_input';
	return (
		<EntryFrame title={words.confirmTitle} intro={words.confirmIntro}>
			{isOver ? (
				<>
					<Note look="danger" role="alert">
						{token === '' ? entry.linkIncomplete : words.refused}
					</Note>
					<p>
						<Link to="/settings/account">{words.toAccount}</Link>
					</p>
				</>
			) : (
				<>
					{fault === 'unauthenticated' ? (
						<Note role="alert">
							{words.signInFirst}{' '}
							<Link to="/sign-in" search={{ next: '/confirm-email' }}>
								{entry.signIn}
							</Link>
						</Note>
					) : (
						<ErrorNote error={confirming.error} />
					)}
					<Button look="primary" isBusy={confirming.isPending} onClick={() => confirming.mutate(token)}>
						{words.confirm}
					</Button>
				</>
			)}
		</EntryFrame>
	);
}
