import { contract } from '@chat-manager/contracts';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { query } from '../../api/ask.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { connectionWords } from '../../words/connection.ts';
import { useWords } from '../../words/language.tsx';
import { tokenWords } from '../../words/tokens.ts';
import { ConnectionTest } from './connection-test.tsx';
import { CreateToken } from './create-token.tsx';
import { SnippetTabs } from './snippet-tabs.tsx';
import { tokensQuery } from './token-queries.ts';
import { TokenRow } from './token-row.tsx';

/** Tokens for AI clients, and how each client is connected. */
export function McpPage() {
	const words = useWords(tokenWords);
	const connection = useWords(connectionWords);
	const { data: tokens, error } = useQuery(tokensQuery);
	const { data: installation } = useQuery(query(contract.gateway.installation.get, {}));
	return (
		<>
			<PageHead title={words.title} intro={words.intro}>
				{installation !== undefined && <CreateToken mcpUrl={installation.mcpUrl} />}
			</PageHead>
			<ErrorNote error={error} />
			<section>
				<h2 className="section-head">{words.yourTokens}</h2>
				<div className="card card-flush">
					{tokens === undefined ? (
						error === null && <Loading />
					) : tokens.length === 0 ? (
						<EmptyState icon={KeyRound} title={words.none} hint={words.noneHint} heading="h3" />
					) : (
						<ul className="rows">
							{tokens.map((token) => (
								<TokenRow key={token.id} token={token} />
							))}
						</ul>
					)}
				</div>
			</section>
			{installation !== undefined && (
				<>
					<section>
						<h2 className="section-head">{words.connect}</h2>
						<div className="card stack">
							<p className="soft">{words.connectText}</p>
							<div className="endpoint">
								<span className="label">{words.endpoint}</span>
								<code className="clip">{installation.mcpUrl}</code>
								<CopyButton text={installation.mcpUrl} />
							</div>
							<SnippetTabs mcpUrl={installation.mcpUrl} />
							<p className="soft small">{words.replace}</p>
						</div>
					</section>
					<section>
						<h2 className="section-head">{connection.title}</h2>
						<div className="card">
							<ConnectionTest mcpUrl={installation.mcpUrl} />
						</div>
					</section>
				</>
			)}
		</>
	);
}
