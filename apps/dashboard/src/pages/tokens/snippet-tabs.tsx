import { Tabs } from '@base-ui/react/tabs';
import { CopyButton } from '../../parts/copy-button.tsx';
import { useWords } from '../../words/language.tsx';
import { tokenWords } from '../../words/tokens.ts';
import { snippetsFor, tokenPlace } from './snippets.ts';

/** What to paste into each client. */
export function SnippetTabs({ mcpUrl, token = tokenPlace }: { mcpUrl: string; token?: string }) {
	const words = useWords(tokenWords);
	const snippets = snippetsFor(mcpUrl, token);
	return (
		<Tabs.Root defaultValue={snippets[0].name} className="tabs">
			<Tabs.List className="tab-list" activateOnFocus>
				{snippets.map(({ name }) => (
					<Tabs.Tab key={name} value={name} className="tab">
						{name === 'HTTP' ? words.plainHttp : name}
					</Tabs.Tab>
				))}
			</Tabs.List>
			{snippets.map(({ name, place, text }) => (
				<Tabs.Panel key={name} value={name} className="tab-panel">
					<div className="snippet-head">
						<p className="soft small">
							<code>{place}</code>
						</p>
						<CopyButton text={text} />
					</div>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
					<pre className="code" tabIndex={0}>
						{text}
					</pre>
				</Tabs.Panel>
			))}
		</Tabs.Root>
	);
}
