import { Dialog } from '@base-ui/react/dialog';
import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { ask } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Modal } from '../../parts/modal.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { groupWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';
import { type Group, groupQuery } from './group-data.ts';

const { rename, describe } = contract.connector.groups;
const Texts = rename.input.extend(describe.input.shape);

/** Name and description in one form; only what was changed is sent to WhatsApp. */
export function EditGroup({ group }: { group: Group }) {
	const words = useWords(groupWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const [isOpen, setOpen] = useState(false);
	const { jid } = group;
	const saving = useMutation({
		async mutationFn({ name, description }: { name: string; description: string }) {
			const change: Partial<Group> = {};
			if (name !== group.name) change.name = (await ask(rename, { jid, name })).name;
			if (description !== (group.description ?? ''))
				change.description = (await ask(describe, { jid, description })).description;
			return change;
		},
		onSuccess(change) {
			queryClient.setQueryData(groupQuery(jid).queryKey, (old) =>
				old === undefined ? old : { ...old, ...change },
			);
			setOpen(false);
			notice.done(words.saved);
		},
	});
	return (
		<Dialog.Root
			open={isOpen}
			onOpenChange={(open) => {
				setOpen(open);
				saving.reset();
			}}
		>
			<Dialog.Trigger className="button button-plain">
				<Pencil aria-hidden size={16} />
				{words.edit}
			</Dialog.Trigger>
			<Modal title={words.editTitle}>
				<ContractForm
					schema={Texts}
					read={(fields) => ({ jid, ...fields })}
					faultOf={{ name: words.nameFault }}
					onValid={(value) => saving.mutate(value)}
				>
					<ErrorNote error={saving.error} />
					<TextField
						name="name"
						label={words.name}
						hint={words.nameHint}
						defaultValue={group.name}
						dir="auto"
					/>
					<TextField
						name="description"
						label={words.description}
						hint={words.descriptionHint}
						defaultValue={group.description ?? ''}
						rows={5}
						dir="auto"
					/>
					<div className="dialog-actions">
						<Button type="submit" look="primary" isBusy={saving.isPending}>
							{words.save}
						</Button>
					</div>
				</ContractForm>
			</Modal>
		</Dialog.Root>
	);
}
