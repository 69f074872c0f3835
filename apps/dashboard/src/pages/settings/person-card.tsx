import { UpdatePerson } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SignedIn, sessionQuery, updatePerson } from '../../api/people.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { LanguageSelect } from '../../parts/language-select.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';

/** Who it is, and in which language they are spoken to. */
export function PersonCard({ user }: { user: SignedIn }) {
	const words = useWords(securityWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const saving = useMutation({
		mutationFn: updatePerson,
		async onSuccess() {
			await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
			notice.done(words.nameSaved);
		},
	});
	return (
		<section className="card settings-card">
			<div className="card-head">
				<h2>
					<bdi>{user.name}</bdi>
				</h2>
				<LanguageSelect />
			</div>
			<ContractForm
				key={user.name}
				schema={UpdatePerson.required({ name: true }).pick({ name: true })}
				onValid={(value) => saving.mutate(value)}
				faultOf={{ name: words.nameMissing }}
			>
				<ErrorNote error={saving.error} />
				<TextField
					name="name"
					label={words.yourName}
					defaultValue={user.name}
					autoComplete="name"
					dir="auto"
				/>
				<Button type="submit" isBusy={saving.isPending}>
					{words.saveName}
				</Button>
			</ContractForm>
		</section>
	);
}
