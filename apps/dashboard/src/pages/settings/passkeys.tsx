import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import {
	addPasskey,
	canUsePasskeys,
	deletePasskey,
	type Passkey,
	passkeysQuery,
	wasCalledOff,
} from '../../api/passkeys.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Note } from '../../parts/note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';
import { useTimes } from '../../words/times.ts';
import { NotConfirmed, useConfirmed } from './confirm-identity.tsx';

const Named = z.object({ name: z.string().trim().min(1).max(100) });

/** What opens the account without the password. */
export function Passkeys() {
	const words = useWords(securityWords);
	const notice = useNotice();
	const queryClient = useQueryClient();
	const confirmed = useConfirmed();
	const [round, setRound] = useState(0);
	const { data: passkeys, error } = useQuery(passkeysQuery);
	const changed = (said: string) => async () => {
		await queryClient.invalidateQueries({ queryKey: passkeysQuery.queryKey });
		notice.done(said);
		setRound(round + 1);
	};
	const adding = useMutation({
		mutationFn: (name: string) => confirmed.run(() => addPasskey(name)),
		onSuccess: changed(words.passkeyAdded),
	});
	const removing = useMutation({
		mutationFn: (id: string) => confirmed.run(() => deletePasskey(id)),
		onSuccess: changed(words.passkeyRemoved),
	});
	return (
		<section className="card settings-card">
			<h2>{words.passkeys}</h2>
			<p className="soft">{words.passkeysHint}</p>
			<Refused error={removing.error} />
			{passkeys === undefined && (error === null ? <Loading lines={1} /> : <ErrorNote error={error} />)}
			{passkeys?.length === 0 && <p className="soft">{words.noPasskeys}</p>}
			{passkeys !== undefined && passkeys.length > 0 && (
				<ul className="rows">
					{passkeys.map((passkey) => (
						<PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => removing.mutate(passkey.id)} />
					))}
				</ul>
			)}
			{canUsePasskeys() ? (
				<ContractForm
					key={round}
					schema={Named}
					onValid={({ name }) => adding.mutate(name)}
					faultOf={{ name: words.passkeyNameMissing }}
				>
					<Refused error={adding.error} />
					<TextField name="name" label={words.passkeyName} hint={words.passkeyNameHint} dir="auto" />
					<Button type="submit" isBusy={adding.isPending}>
						{words.addPasskey}
					</Button>
				</ContractForm>
			) : (
				<Note>{words.cannotUsePasskeys}</Note>
			)}
			{confirmed.dialog}
		</section>
	);
}

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
	const words = useWords(securityWords);
	const times = useTimes();
	const name = passkey.name ?? words.unnamed;
	return (
		<li className="row">
			<span className="avatar avatar-group">
				<Fingerprint aria-hidden size={18} />
			</span>
			<div className="row-text">
				<p className="row-title">
					<bdi className="clip">{name}</bdi>
				</p>
				{passkey.createdAt != null && (
					<p className="soft small">{words.added(times.relative(passkey.createdAt))}</p>
				)}
			</div>
			<ConfirmButton
				look="quiet"
				label={words.removePasskey}
				title={words.removePasskeyTitle(name)}
				text={words.removePasskeyText}
				// The dialog closes at once: who they are may be asked in another one.
				onConfirm={async () => onRemove()}
			/>
		</li>
	);
}

/** Why it was not done; called off by the person themselves is no fault. */
function Refused({ error }: { error: unknown }) {
	const words = useWords(securityWords);
	if (error instanceof NotConfirmed) return null;
	if (wasCalledOff(error)) return <Note>{words.calledOff}</Note>;
	return <ErrorNote error={error} />;
}
