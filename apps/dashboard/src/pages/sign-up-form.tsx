import { SignUp } from '@chat-manager/contracts';
import { Button } from '../parts/button.tsx';
import { ContractForm } from '../parts/contract-form.tsx';
import { PasswordField, TextField } from '../parts/text-field.tsx';
import { entryWords } from '../words/entry.ts';
import { useWords } from '../words/language.tsx';

const Account = SignUp.pick({ name: true, email: true, password: true });

export function SignUpForm({
	email,
	isBusy,
	onValid,
}: {
	/** The only address for which it is; null for any. */
	email: string | null;
	isBusy: boolean;
	onValid: (account: { name?: string | undefined; email: string; password: string }) => void;
}) {
	const words = useWords(entryWords);
	return (
		<ContractForm
			schema={Account}
			read={({ email: typed = '', ...rest }) => ({ ...rest, email: typed.trim() })}
			onValid={onValid}
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
			<TextField
				name="email"
				label={words.email}
				type="email"
				autoComplete="username"
				{...(email !== null && { defaultValue: email, readOnly: true, hint: words.invitedAddress })}
			/>
			<PasswordField
				name="password"
				label={words.password}
				hint={words.passwordHint}
				autoComplete="new-password"
			/>
			<Button type="submit" look="primary" isBusy={isBusy}>
				{words.signUpShort}
			</Button>
		</ContractForm>
	);
}
