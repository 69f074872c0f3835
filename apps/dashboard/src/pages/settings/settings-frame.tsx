import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { frameWords } from '../../words/frame.ts';
import { useWords } from '../../words/language.tsx';

/** On a phone the sections of the settings stand above each; on a wide screen the sidebar has them. */
export function SettingsFrame() {
	const words = useWords(frameWords);
	const nav = useRef<HTMLElement>(null);
	const { pathname } = useLocation();
	// They do not all fit: the one that is open must not be out of sight; the page's own letters may be wider than the first ones.
	// biome-ignore lint/correctness/useExhaustiveDependencies: which of them is open follows from the path.
	useEffect(() => {
		const show = () =>
			nav.current
				?.querySelector('[aria-current]')
				?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
		show();
		void document.fonts.ready.then(show);
	}, [pathname, words]);
	const sections = [
		{ to: '/settings/mcp', label: words.mcp },
		{ to: '/settings/webhooks', label: words.webhooks },
		{ to: '/settings/activity', label: words.activity },
		{ to: '/settings/account', label: words.account },
	] as const;
	return (
		<>
			<nav ref={nav} className="settings-nav" aria-label={words.settings}>
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
