import { Download } from 'lucide-react';
import { save } from '../../api/export.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';

/** Codes for when the authenticator app is lost, this once; stands in a dialog. */
export function BackupCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
	const words = useWords(securityWords);
	const text = codes.join('\n');
	return (
		<Modal title={words.keepTitle} text={words.keepText}>
			<div className="stack">
				<ul className="codes">
					{codes.map((code) => (
						<li key={code}>
							<code>{code}</code>
						</li>
					))}
				</ul>
				<div className="actions">
					<CopyButton text={text} label={words.copyCodes} />
					<Button
						onClick={() => save(new Blob([`${text}\n`], { type: 'text/plain' }), 'chat-manager-codes.txt')}
					>
						<Download aria-hidden size={16} />
						{words.saveCodes}
					</Button>
				</div>
				<div className="dialog-actions">
					<Button look="primary" onClick={onKept}>
						{words.kept}
					</Button>
				</div>
			</div>
		</Modal>
	);
}
