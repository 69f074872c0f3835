import { ChangeEmail } from '@chat-manager/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MailCheck } from 'lucide-react';
import { useState } from 'react';
import {
	callOffEmailChange,
	changeEmail,
	emailChangeQuery,
	entryQuery,
	type SignedIn,
	sendConfirmation,
	sessionQuery,
} from '../../api/people.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { emailWords } from '../../words/email.ts';
import { useWords } from '../../words/language.tsx';
import { NotConfirmed, useConfirmed } from './confirm-identity.tsx';

/** The address of the account: whether it is confirmed, and how it becomes another one. */
export function EmailAddress({ user }: { user: SignedIn }) {
	const words = useWords(emailWords);
	const { data: offered } = useQuery(entryQuery);
	const sendsMail = offered?.sendsMail === true;
	// The link of a mail opens in another tab; who comes back sees what it did.
	useQuery({ ...sessionQuery, refetchOnWindowFocus: 'always' });
	return (
		<section className="card settings-card">
			<div className="card-head">
				<h2>{words.address}</h2>
				{sendsMail && (
					<span className={user.hasConfirmedEmail ? 'pill pill-good' : 'pill'}>
						{user.hasConfirmedEmail ? words.isConfirmed : words.notConfirmed}
					</span>
				)}
			</div>
			<p className="email-address">{user.email}</p>
			{sendsMail && !user.hasConfirmedEmail && <AskForConfirmation key={user.email} email={user.email} />}
			{offered !== undefined && <ChangeAddress key={user.email} sendsMail={sendsMail} />}
		</section>
	);
}

function AskForConfirmation({ email }: { email: string }) {
	const words = useWords(emailWords);
	const asking = useMutation({ mutationFn: sendConfirmation });
	if (asking.isSuccess)
		return (
			<Note role="status" icon={MailCheck}>
				{words.confirmationSent(email)}
			</Note>
		);
	return (
		<>
			<p className="soft">{words.confirmWhy}</p>
			<ErrorNote error={asking.error} />
			<div className="actions">
				<Button isBusy={asking.isPending} onClick={() => asking.mutate()}>
					{words.sendConfirmation}
				</Button>
			</div>
		</>
	);
}

/** The change that waits for its link to be used, also when it was asked for on another day. */
function WaitingAddress() {
	const words = useWords(emailWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const { data: newEmail } = useQuery({ ...emailChangeQuery, refetchOnWindowFocus: 'always' });
	const callingOff = useMutation({
		async mutationFn() {
			await callOffEmailChange();
			await queryClient.invalidateQueries({ queryKey: emailChangeQuery.queryKey });
		},
		onSuccess: () => notice.done(words.calledOff),
	});
	if (newEmail === undefined || newEmail === null) return null;
	return (
		<>
			<Note role="status" icon={MailCheck}>
				{words.changeSent(newEmail)}
			</Note>
			<ErrorNote error={callingOff.error} />
			<div className="actions">
				<Button isBusy={callingOff.isPending} onClick={() => callingOff.mutate()}>
					{words.callOff}
				</Button>
			</div>
		</>
	);
}

function ChangeAddress({ sendsMail }: { sendsMail: boolean }) {
	const words = useWords(emailWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const confirmed = useConfirmed();
	const [round, setRound] = useState(0);
	const changing = useMutation({
		async mutationFn({ newEmail }: { newEmail: string }) {
			await confirmed.run(() => changeEmail({ newEmail }));
			if (sendsMail) {
				await queryClient.invalidateQueries({ queryKey: emailChangeQuery.queryKey });
				return 'asked' as const;
			}
			await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
			const now = await queryClient.fetchQuery(sessionQuery);
			return now?.email === newEmail.toLowerCase() ? ('changed' as const) : ('taken' as const);
		},
		onSuccess(outcome) {
			if (outcome === 'changed') notice.done(words.changed);
			if (outcome !== 'taken') setRound(round + 1);
		},
	});
	return (
		<>
			{sendsMail && <WaitingAddress />}
			<ContractForm
				key={round}
				schema={ChangeEmail}
				read={({ newEmail = '' }) => ({ newEmail: newEmail.trim() })}
				onValid={(value) => changing.mutate(value)}
				faultOf={{ newEmail: words.newMissing }}
			>
				{!(changing.error instanceof NotConfirmed) && <ErrorNote error={changing.error} />}
				{changing.data === 'taken' && (
					<Note look="danger" role="alert">
						{words.mayBeTaken}
					</Note>
				)}
				<TextField
					name="newEmail"
					label={words.newAddress}
					hint={sendsMail ? words.newHint : words.newHintWithoutMail}
					type="email"
					autoComplete="email"
				/>
				<Button type="submit" isBusy={changing.isPending}>
					{words.change}
				</Button>
			</ContractForm>
			{confirmed.dialog}
		</>
	);
}
