import { Dialog } from '@base-ui/react/dialog';
import { contract } from '@chat-manager/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { ask, query } from '../../api/ask.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Modal } from '../../parts/modal.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';

const { inviteLink } = contract.connector.groups;

/** The invite link of a group with its picture; a new one voids the old. */
export function InviteLink({ jid }: { jid: string }) {
	const words = useWords(groupWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const [isOpen, setOpen] = useState(false);
	const linkQuery = query(inviteLink, { jid });
	const { data, error } = useQuery({ ...linkQuery, enabled: isOpen, retry: false });
	const reset = async () => {
		// One key an attempt: a repeat after a lost answer does not void the new link again.
		const idempotencyKey = crypto.randomUUID();
		const answer = await ask(inviteLink, { jid, reset: true, idempotencyKey });
		queryClient.setQueryData(linkQuery.queryKey, answer);
		notice.done(words.wasReset);
	};
	return (
		<Dialog.Root open={isOpen} onOpenChange={setOpen}>
			<Dialog.Trigger className="button button-plain">
				<Link2 aria-hidden size={16} />
				{words.invite}
			</Dialog.Trigger>
			<Modal title={words.invite} text={words.inviteText}>
				<ErrorNote error={error} />
				{data === undefined && error === null && <Loading />}
				{data !== undefined && (
					<div className="stack invite">
						<QrCode text={data.inviteLink} label={words.inviteQr} border={3} />
						<div className="endpoint">
							<code className="clip">{data.inviteLink}</code>
							<CopyButton text={data.inviteLink} label={words.copyLink} />
						</div>
						<div className="dialog-actions">
							<ConfirmButton
								look="quiet"
								label={words.reset}
								title={words.resetTitle}
								text={words.resetText}
								onConfirm={reset}
							/>
						</div>
					</div>
				)}
			</Modal>
		</Dialog.Root>
	);
}
