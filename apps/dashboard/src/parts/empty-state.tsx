import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Nothing is here yet: why, and what to do about it. */
export function EmptyState({
	icon: Icon,
	title,
	hint,
	heading: Heading = 'h2',
	children,
}: {
	icon: LucideIcon;
	title: string;
	hint?: string;
	heading?: 'h1' | 'h2' | 'h3';
	children?: ReactNode;
}) {
	return (
		<div className="empty">
			<span className="empty-icon">
				<Icon aria-hidden size={26} />
			</span>
			<Heading className="empty-title">{title}</Heading>
			{hint !== undefined && <p className="soft">{hint}</p>}
			{children !== undefined && <div className="actions">{children}</div>}
		</div>
	);
}
