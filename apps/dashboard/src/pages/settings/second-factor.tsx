import { useQueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../../api/people.ts';
import { endSecondFactor, renewBackupCodes } from '../../api/second-factor.ts';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';
import { BackupCodes } from './backup-codes.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { SetUpSecondFactor } from './set-up-second-factor.tsx';

/** Whether signing in asks for a code too; the way in and out of that. */
export function SecondFactor({ isOn }: { isOn: boolean }) {
	const words = useWords(securityWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	return (
		<section className="card settings-card">
			<div className="card-head">
				<h2>{words.secondFactor}</h2>
				<span className={isOn ? 'pill pill-good' : 'pill'}>{isOn ? words.isOn : words.isOff}</span>
			</div>
			<p className="soft">{words.secondFactorHint}</p>
			<div className="actions">
				{isOn ? (
					<>
						<PasswordDialog
							label={words.newCodes}
							title={words.newCodesTitle}
							text={words.newCodesText}
							act={renewBackupCodes}
							then={(codes, close) => <BackupCodes codes={codes} onKept={close} />}
						/>
						<PasswordDialog
							label={words.switchOff}
							title={words.switchOffTitle}
							text={words.switchOffText}
							look="danger"
							act={async (password) => {
								await endSecondFactor(password);
								notice.done(words.switchedOff);
								await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
							}}
						/>
					</>
				) : (
					<SetUpSecondFactor />
				)}
			</div>
		</section>
	);
}
