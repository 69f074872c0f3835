import { Link, Outlet } from '@tanstack/react-router';
import { frameWords } from '../../words/frame.ts';
import { useWords } from '../../words/language.tsx';

/** On a phone the sections of the settings stand above each; on a wide screen the sidebar has them. */
export function SettingsFrame() {
	const words = useWords(frameWords);
	const sections = [
		{ to: '/settings/mcp', label: words.mcp },
		{ to: '/settings/webhooks', label: words.webhooks },
		{ to: '/settings/activity', label: words.activity },
		{ to: '/settings/account', label: words.account },
	] as const;
	return (
		<>
			<nav className="settings-nav" aria-label={words.settings}>
				{sections.map(({ to, label }) => (
					<Link key={to} to={to} className="tab" activeProps={{ 'aria-current': 'page' }}>
						{label}
					</Link>
				))}
			</nav>
			<Outlet />
		</>
	);
}
