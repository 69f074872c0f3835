import { Dialog } from '@base-ui/react/dialog';
import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { ask, keyOf } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { useWords } from '../../words/language.tsx';
import { tokenWords } from '../../words/tokens.ts';
import { SnippetTabs } from './snippet-tabs.tsx';
import { TokenForm } from './token-form.tsx';

const { create, list } = contract.gateway.tokens;

/** Makes a token and shows it, this once, with the snippets already filled. */
export function CreateToken({ mcpUrl }: { mcpUrl: string }) {
	const words = useWords(tokenWords);
	const queryClient = useQueryClient();
	const [isOpen, setOpen] = useState(false);
	const creating = useMutation({
		mutationFn: (input: z.input<typeof create.input>) => ask(create, input),
		onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(list) }),
		gcTime: 0,
	});
	const made = creating.data;
	return (
		<Dialog.Root
			open={isOpen}
			onOpenChange={(open) => {
				setOpen(open);
				if (open) creating.reset();
			}}
			// A token that is shown this once must not go away by a slip of the pointer.
			disablePointerDismissal
		>
			<Dialog.Trigger className="button button-primary">
				<Plus aria-hidden size={18} />
				{words.create}
			</Dialog.Trigger>
			{made === undefined ? (
				<Modal title={words.createTitle}>
					<TokenForm
						onValid={(input) => creating.mutate(input)}
						isBusy={creating.isPending}
						error={creating.error}
					/>
				</Modal>
			) : (
				<Modal title={words.madeTitle} text={words.madeText}>
					<div className="stack">
						<div className="endpoint">
							<code className="secret">{made.token}</code>
							<CopyButton text={made.token} label={words.copyToken} />
						</div>
						<h3>{words.connect}</h3>
						<SnippetTabs mcpUrl={mcpUrl} token={made.token} />
						<div className="dialog-actions">
							<Button look="primary" onClick={() => setOpen(false)}>
								{words.done}
							</Button>
						</div>
					</div>
				</Modal>
			)}
		</Dialog.Root>
	);
}
