import { TotpCode } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '../../api/people.ts';
import { beginSecondFactor, type SecondFactor, sendCode } from '../../api/second-factor.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Modal } from '../../parts/modal.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';
import { BackupCodes } from './backup-codes.tsx';
import { PasswordDialog } from './password-dialog.tsx';

/** Password, then a QR code and a code of the app, then the codes to keep. */
export function SetUpSecondFactor() {
	const words = useWords(securityWords);
	return (
		<PasswordDialog
			label={words.switchOn}
			title={words.switchOn}
			text={words.passwordFirst}
			act={beginSecondFactor}
			then={(made, close) => <Scan made={made} onDone={close} />}
		/>
	);
}

function Scan({ made, onDone }: { made: SecondFactor; onDone: () => void }) {
	const words = useWords(securityWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const [isVerified, setVerified] = useState(false);
	const verifying = useMutation({ mutationFn: sendCode, onSuccess: () => setVerified(true) });
	const secret = new URL(made.uri).searchParams.get('secret') ?? '';

	function finish(): void {
		onDone();
		notice.done(words.switchedOn);
		void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
	}

	if (isVerified) return <BackupCodes codes={made.backupCodes} onKept={finish} />;
	return (
		<Modal title={words.scanTitle} text={words.scanText}>
			<div className="stack">
				<QrCode text={made.uri} label={words.qrLabel} />
				<details className="more">
					<summary>{words.typeInstead}</summary>
					<code className="secret">{secret}</code>
				</details>
				<ContractForm
					schema={TotpCode}
					onValid={(value) => verifying.mutate(value)}
					faultOf={{ code: words.codeMissing }}
				>
					<ErrorNote error={verifying.error} />
					<TextField name="code" label={words.code} inputMode="numeric" autoComplete="one-time-code" />
					<Button type="submit" look="primary" isBusy={verifying.isPending}>
						{words.goOn}
					</Button>
				</ContractForm>
			</div>
		</Modal>
	);
}
