import { CircleAlert, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const looks = {
	plain: { className: 'note', Icon: Info },
	warm: { className: 'note note-warm', Icon: TriangleAlert },
	danger: { className: 'note note-danger', Icon: CircleAlert },
} as const;

/** Something that is to be read before the rest; with a `role` it is also said when it comes. */
export function Note({
	look = 'plain',
	icon,
	role,
	children,
}: {
	look?: keyof typeof looks;
	icon?: LucideIcon;
	role?: 'alert' | 'status';
	children: ReactNode;
}) {
	const { className, Icon: usual } = looks[look];
	const Icon = icon ?? usual;
	return (
		<p className={className} role={role}>
			<Icon aria-hidden size={18} />
			<span>{children}</span>
		</p>
	);
}
