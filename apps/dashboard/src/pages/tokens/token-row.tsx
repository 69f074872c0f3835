import { contract } from '@chat-manager/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { ask, keyOf } from '../../api/ask.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import { tokenWords } from '../../words/tokens.ts';
import type { Token } from './token-queries.ts';

const { list, revoke } = contract.gateway.tokens;

/** One token: what it may do, when it was used, and the way to end it. */
export function TokenRow({ token }: { token: Token }) {
	const words = useWords(tokenWords);
	const times = useTimes();
	const notice = useNotice();
	const queryClient = useQueryClient();
	const { id, name, lastUsedAt, createdAt, expiresAt, groups, readOnly } = token;
	const isExpired = expiresAt !== null && new Date(expiresAt).getTime() < Date.now();
	return (
		<li className="row">
			<span className="avatar avatar-group">
				<KeyRound aria-hidden size={18} />
			</span>
			<div className="row-text">
				<p className="row-title">
					<bdi className="clip">{name}</bdi>
					{readOnly && <span className="pill">{words.readOnly}</span>}
					{groups !== null && <span className="pill">{words.groupCount(groups.length)}</span>}
					{isExpired && <span className="pill pill-bad">{words.expired}</span>}
				</p>
				<p className="soft small">
					{lastUsedAt === null ? words.neverUsed : words.lastUsed(times.relative(lastUsedAt))}
					{' · '}
					{words.created(times.day(createdAt))}
					{expiresAt !== null && !isExpired && <> · {words.expiresOn(times.day(expiresAt))}</>}
				</p>
			</div>
			<ConfirmButton
				look="quiet"
				label={words.revoke}
				title={words.revokeTitle(name)}
				text={words.revokeText}
				onConfirm={async () => {
					await ask(revoke, { id });
					await queryClient.invalidateQueries({ queryKey: keyOf(list) });
					notice.done(words.revoked(name));
				}}
			/>
		</li>
	);
}
