import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { ask } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
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
	return (
		<FormDialog icon={Pencil} label={words.edit} title={words.editTitle}>
			{(close) => <EditForm group={group} onDone={close} />}
		</FormDialog>
	);
}

function EditForm({ group, onDone }: { group: Group; onDone: () => void }) {
	const words = useWords(groupWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
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
			onDone();
			notice.done(words.saved);
		},
	});
	return (
		<ContractForm
			schema={Texts}
			read={(fields) => ({ jid, ...fields })}
			faultOf={{ name: words.nameFault }}
			onValid={(value) => saving.mutate(value)}
		>
			<ErrorNote error={saving.error} />
			<TextField name="name" label={words.name} hint={words.nameHint} defaultValue={group.name} dir="auto" />
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
	);
}
