import { contract } from '@chat-manager/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { ask, keyOf, query } from '../../api/ask.ts';
import { signOthersOut } from '../../api/people.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { securityWords } from '../../words/security.ts';
import { useTimes } from '../../words/times.ts';
import { describeBrowser } from './describe-browser.ts';

const { sessions: list, endSession } = contract.gateway.account;
const sessionsQuery = query(list, {});

/** Where the person is signed in, and how to end that. */
export function Sessions({ ownId }: { ownId: string }) {
	const words = useWords(securityWords);
	const times = useTimes();
	const notice = useNotice();
	const queryClient = useQueryClient();
	const { data, error } = useQuery(sessionsQuery);
	const ended = async (said: string) => {
		await queryClient.invalidateQueries({ queryKey: keyOf(list) });
		notice.done(said);
	};
	const sessions = data?.sessions ?? [];
	const others = sessions.filter(({ id }) => id !== ownId);
	return (
		<section className="card settings-card">
			<h2>{words.sessions}</h2>
			{data === undefined && (error === null ? <Loading lines={2} /> : <ErrorNote error={error} />)}
			<ul className="rows">
				{sessions.map(({ id, address, userAgent, createdAt, lastSeenAt }) => (
					<li className="row" key={id}>
						<span className="avatar avatar-group">
							<MonitorSmartphone aria-hidden size={18} />
						</span>
						<div className="row-text">
							<p className="row-title">
								<span className="clip">{describeBrowser(userAgent) ?? words.unknownDevice}</span>
								{id === ownId && <span className="pill pill-good">{words.thisOne}</span>}
							</p>
							<p className="soft small">
								{[address, words.lastSeen(times.relative(lastSeenAt)), words.signedIn(times.day(createdAt))]
									.filter((part) => part !== null)
									.join(' · ')}
							</p>
						</div>
						{id !== ownId && (
							<ConfirmButton
								look="quiet"
								label={words.endSession}
								title={words.endSessionTitle}
								text={words.endSessionText}
								onConfirm={async () => {
									await ask(endSession, { id });
									await ended(words.sessionEnded);
								}}
							/>
						)}
					</li>
				))}
			</ul>
			{others.length > 0 && (
				<div className="actions">
					<ConfirmButton
						label={words.endOthers}
						title={words.endOthersTitle}
						text={words.endOthersText}
						onConfirm={async () => {
							await signOthersOut();
							await ended(words.othersEnded);
						}}
					/>
				</div>
			)}
		</section>
	);
}
