import { BackupCode, TotpCode } from '@chat-manager/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { sendBackupCode, sendCode } from '../api/second-factor.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/choice.tsx';
import { ContractForm } from '../parts/contract-form.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { TextField } from '../parts/text-field.tsx';
import { entryWords } from '../words/entry.ts';
import { useWords } from '../words/language.tsx';
import { EntryFrame } from './entry-frame.tsx';

/** After the password: a code of the authenticator app, or one that was kept for when the app is lost. */
export function SecondStep({
	onEntered,
	onGivenUp,
}: {
	onEntered: () => Promise<void>;
	onGivenUp: () => void;
}) {
	const words = useWords(entryWords);
	const [usesBackup, setUsesBackup] = useState(false);
	return (
		<EntryFrame title={words.codeTitle} intro={usesBackup ? words.backupIntro : words.codeIntro}>
			{usesBackup ? <BackupForm onEntered={onEntered} /> : <CodeForm onEntered={onEntered} />}
			<Button look="quiet" onClick={() => setUsesBackup(!usesBackup)}>
				{usesBackup ? words.useApp : words.useBackup}
			</Button>
			<Button look="quiet" onClick={onGivenUp}>
				{words.backToSignIn}
			</Button>
		</EntryFrame>
	);
}

function CodeForm({ onEntered }: { onEntered: () => Promise<void> }) {
	const words = useWords(entryWords);
	const [isTrusted, setTrusted] = useState(false);
	const entering = useMutation({
		mutationFn: sendCode,
		onSuccess: onEntered,
		meta: { asksPassword: true },
	});
	return (
		<ContractForm
			schema={TotpCode}
			read={({ code }) => ({ code, trustDevice: isTrusted })}
			onValid={(value) => entering.mutate(value)}
			faultOf={{ code: words.codeMissing }}
		>
			<ErrorNote error={entering.error} />
			<TextField name="code" label={words.code} inputMode="numeric" autoComplete="one-time-code" autoFocus />
			<Choice.Box label={words.trust} isOn={isTrusted} onChange={setTrusted} />
			<Button type="submit" look="primary" isBusy={entering.isPending || entering.isSuccess}>
				{words.goOn}
			</Button>
		</ContractForm>
	);
}

function BackupForm({ onEntered }: { onEntered: () => Promise<void> }) {
	const words = useWords(entryWords);
	const entering = useMutation({
		mutationFn: sendBackupCode,
		onSuccess: onEntered,
		meta: { asksPassword: true },
	});
	return (
		<ContractForm
			schema={BackupCode}
			onValid={(value) => entering.mutate(value)}
			faultOf={{ code: words.backupMissing }}
		>
			<ErrorNote error={entering.error} />
			<TextField name="code" label={words.backupCode} autoComplete="off" autoFocus />
			<Button type="submit" look="primary" isBusy={entering.isPending || entering.isSuccess}>
				{words.goOn}
			</Button>
		</ContractForm>
	);
}
