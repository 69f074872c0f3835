import { ResetPassword } from '@chat-manager/contracts';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { resetPassword } from '../api/people.ts';
import { Button } from '../parts/button.tsx';
import { ContractForm } from '../parts/contract-form.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Note } from '../parts/note.tsx';
import { PasswordField } from '../parts/text-field.tsx';
import { entryWords } from '../words/entry.ts';
import { useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { useLinkToken } from './use-link-token.ts';

/** What the link of a mail opens. Its token stands behind the #, and goes from the address as soon as it is read. */
export function ResetPasswordPage() {
	const words = useWords(entryWords);
	const navigate = useNavigate();
	const token = useLinkToken('token');
	const resetting = useMutation({
		mutationFn: resetPassword,
		onSuccess: () => navigate({ to: '/sign-in', search: { changed: true }, replace: true }),
		meta: { asksPassword: true },
	});
	return (
		<EntryFrame title={words.resetTitle} intro={words.resetIntro}>
			{token === '' ? (
				<Note look="danger" role="alert">
					{words.linkIncomplete}
				</Note>
			) : (
				<>
					<ErrorNote error={resetting.error} />
					<ContractForm
						schema={ResetPassword}
						read={({ newPassword }) => ({ token, newPassword })}
						onValid={(value) => resetting.mutate(value)}
						faultOf={{ newPassword: words.passwordShort }}
					>
						<PasswordField
							name="newPassword"
							label={words.newPassword}
							hint={words.passwordHint}
							autoComplete="new-password"
							autoFocus
						/>
						<Button type="submit" look="primary" isBusy={resetting.isPending || resetting.isSuccess}>
							{words.savePassword}
						</Button>
					</ContractForm>
				</>
			)}
			<p>
				<Link to="/forgotten-password">{words.anotherLink}</Link>
			</p>
		</EntryFrame>
	);
}
