import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

type ButtonProps = ComponentProps<'button'> & {
	look?: ButtonLook;
	/** What it began is still going on: it cannot be pressed again meanwhile. */
	isBusy?: boolean;
};

export function Button({ look = 'plain', isBusy = false, children, className = '', ...rest }: ButtonProps) {
	return (
		<button
			type="button"
			className={`button button-${look} ${className}`}
			aria-busy={isBusy || undefined}
			{...rest}
			disabled={rest.disabled === true || isBusy}
		>
			{isBusy && <LoaderCircle aria-hidden size={16} className="spin" />}
			{children}
		</button>
	);
}
