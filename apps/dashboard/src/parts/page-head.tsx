import { type ReactNode, useEffect } from 'react';

/** The heading of a page; it names the tab too. */
export function PageHead({
	title,
	intro,
	children,
}: {
	title: string;
	intro?: string;
	/** What can be done on this page. */
	children?: ReactNode;
}) {
	useEffect(() => {
		document.title = `${title} · Chat Manager`;
	}, [title]);
	return (
		<header className="page-head">
			<div>
				<h1>
					<bdi>{title}</bdi>
				</h1>
				{intro !== undefined && <p className="soft">{intro}</p>}
			</div>
			{children !== undefined && <div className="actions">{children}</div>}
		</header>
	);
}
