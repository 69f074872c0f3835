import { Dialog } from '@base-ui/react/dialog';
import { AppError, WithPassword } from '@chat-manager/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { canUsePasskeys, enterWithPasskey, passkeysQuery, wasCalledOff } from '../../api/passkeys.ts';
import { confirmPassword, sessionQuery } from '../../api/people.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Modal } from '../../parts/modal.tsx';
import { PasswordField } from '../../parts/text-field.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';

/** The person closed the question who they are: nothing was done, and nothing needs to be said. */
export class NotConfirmed extends Error {
	override readonly name = 'NotConfirmed';
}

/**
 * For what the server does only for somebody who said lately who they are: `run` does it, asks in a dialog when the server
 * wants that, and does it again. `dialog` stands anywhere on the page, outside of other dialogs.
 */
export function useConfirmed(): { run<T>(action: () => Promise<T>): Promise<T>; dialog: ReactNode } {
	const [asked, setAsked] = useState<PromiseWithResolvers<void>>();
	return {
		async run(action) {
			try {
				return await action();
			} catch (error) {
				if (!(error instanceof AppError) || error.code !== 'session_not_fresh') throw error;
			}
			const answer = Promise.withResolvers<void>();
			setAsked(answer);
			await answer.promise.finally(() => setAsked(undefined));
			return await action();
		},
		dialog: (
			<Dialog.Root
				open={asked !== undefined}
				onOpenChange={(open) => !open && asked?.reject(new NotConfirmed())}
			>
				<ConfirmIdentity onConfirmed={() => asked?.resolve()} />
			</Dialog.Root>
		),
	};
}

function ConfirmIdentity({ onConfirmed }: { onConfirmed: () => void }) {
	const words = useWords(securityWords);
	const confirming = useMutation({
		mutationFn: ({ password }: { password: string }) => confirmPassword(password),
		onSuccess: onConfirmed,
		meta: { asksPassword: true },
	});
	return (
		<Modal title={words.confirmTitle} text={words.confirmText}>
			<div className="stack">
				<ContractForm
					schema={WithPassword}
					onValid={(value) => confirming.mutate(value)}
					faultOf={{ password: words.passwordMissing }}
				>
					<ErrorNote error={confirming.error} />
					<PasswordField name="password" label={words.password} autoComplete="current-password" />
					<Button type="submit" look="primary" isBusy={confirming.isPending}>
						{words.confirm}
					</Button>
				</ContractForm>
				<PasskeyInstead onConfirmed={onConfirmed} />
			</div>
		</Modal>
	);
}

/** For those who have a passkey. */
export function PasskeyInstead({ onConfirmed }: { onConfirmed: () => void }) {
	const words = useWords(securityWords);
	const queryClient = useQueryClient();
	const { data: passkeys = [] } = useQuery(passkeysQuery);
	const confirming = useMutation({
		mutationFn: enterWithPasskey,
		onSuccess: async () => {
			await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
			onConfirmed();
		},
		meta: { asksPassword: true },
	});
	if (passkeys.length === 0 || !canUsePasskeys()) return null;
	return (
		<>
			{!wasCalledOff(confirming.error) && <ErrorNote error={confirming.error} />}
			<Button isBusy={confirming.isPending} onClick={() => confirming.mutate()}>
				<KeyRound aria-hidden size={16} />
				{words.confirmByPasskey}
			</Button>
		</>
	);
}
