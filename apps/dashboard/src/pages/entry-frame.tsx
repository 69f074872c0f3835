import type { ReactNode } from 'react';
import { Brand } from '../parts/brand.tsx';
import { LanguageSelect } from '../parts/language-select.tsx';

/** The quiet page around signing in and up. */
export function EntryFrame({
	title,
	intro,
	children,
}: {
	title: string;
	intro?: string;
	children: ReactNode;
}) {
	return (
		<main className="entry">
			<div className="entry-card">
				<Brand />
				<h1>{title}</h1>
				{intro !== undefined && <p className="soft">{intro}</p>}
				{children}
			</div>
			<LanguageSelect />
		</main>
	);
}
