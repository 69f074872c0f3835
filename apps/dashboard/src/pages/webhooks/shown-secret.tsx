import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { Note } from '../../parts/note.tsx';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';

/** A signing secret, this once; stands in a dialog. */
export function ShownSecret(props: { secret: string; text: string; note?: string; onDone: () => void }) {
	const { secret, text, note, onDone } = props;
	const words = useWords(webhookWords);
	return (
		<Modal title={words.secretTitle} text={text}>
			<div className="endpoint">
				<code className="secret">{secret}</code>
				<CopyButton text={secret} label={words.copySecret} />
			</div>
			{note !== undefined && <Note look="warm">{note}</Note>}
			<div className="dialog-actions">
				<Button look="primary" onClick={onDone}>
					{words.done}
				</Button>
			</div>
		</Modal>
	);
}
