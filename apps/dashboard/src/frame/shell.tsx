import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import {
	Bot,
	History,
	House,
	type LucideIcon,
	Settings,
	Smartphone,
	UserRound,
	UsersRound,
	Webhook,
} from 'lucide-react';
import { sessionQuery } from '../api/people.ts';
import { useLive } from '../live/use-live.ts';
import { Brand } from '../parts/brand.tsx';
import { frameWords } from '../words/frame.ts';
import { useWords } from '../words/language.tsx';
import { PersonMenu } from './person-menu.tsx';

type Place = { to: string; label: string; icon: LucideIcon; exact?: boolean };

/** The frame of every page for somebody who is signed in: a sidebar, on a phone a bar below. */
export function Shell() {
	const words = useWords(frameWords);
	const { data: user } = useQuery(sessionQuery);
	useLive();
	const main: Place[] = [
		{ to: '/', label: words.overview, icon: House, exact: true },
		{ to: '/groups', label: words.groups, icon: UsersRound },
		{ to: '/device', label: words.device, icon: Smartphone },
	];
	const settings: Place[] = [
		{ to: '/settings/mcp', label: words.mcp, icon: Bot },
		{ to: '/settings/webhooks', label: words.webhooks, icon: Webhook },
		{ to: '/settings/activity', label: words.activity, icon: History },
		{ to: '/settings/account', label: words.account, icon: UserRound },
	];
	return (
		<div className="shell">
			<a href="#content" className="skip">
				{words.skipToContent}
			</a>
			<header className="topbar">
				<Brand />
				{user != null && <PersonMenu user={user} />}
			</header>
			<aside className="sidebar">
				<Brand />
				<nav aria-label={words.main}>
					<Places places={main} />
					<p className="nav-heading" id="nav-settings">
						{words.settings}
					</p>
					<Places places={settings} labelledBy="nav-settings" />
				</nav>
				{user != null && <PersonMenu user={user} isWide />}
			</aside>
			<main id="content" className="content" tabIndex={-1}>
				<Outlet />
			</main>
			<nav className="bottombar" aria-label={words.main}>
				<Places places={[...main, { to: '/settings', label: words.settings, icon: Settings }]} />
			</nav>
		</div>
	);
}

function Places({ places, labelledBy }: { places: readonly Place[]; labelledBy?: string }) {
	return (
		<ul className="places" aria-labelledby={labelledBy}>
			{places.map(({ to, label, icon: Icon, exact = false }) => (
				<li key={to}>
					<Link to={to} className="place" activeOptions={{ exact }} activeProps={{ 'aria-current': 'page' }}>
						<Icon aria-hidden size={20} />
						<span>{label}</span>
					</Link>
				</li>
			))}
		</ul>
	);
}
