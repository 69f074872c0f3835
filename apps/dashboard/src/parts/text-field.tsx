import { Field } from '@base-ui/react/field';
import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';

type TextFieldProps = {
	name: string;
	label: ReactNode;
	hint?: string;
	/** Several lines. */
	rows?: number;
} & Omit<ComponentProps<typeof Field.Control>, 'name' | 'render'>;

/** A labelled field; what is wrong with it comes from the form around it, by its name. */
export function TextField({ name, label, hint, rows, ...control }: TextFieldProps) {
	return (
		<Field.Root name={name} className="field">
			<Field.Label className="label">{label}</Field.Label>
			{rows === undefined ? (
				<Field.Control className="input" {...control} />
			) : (
				<Field.Control className="input" {...control} render={<textarea rows={rows} />} />
			)}
			{hint !== undefined && <Field.Description className="hint">{hint}</Field.Description>}
			<Field.Error className="fault" />
		</Field.Root>
	);
}

/** A password, which can be looked at while it is typed. */
export function PasswordField({ name, label, hint, ...control }: Omit<TextFieldProps, 'rows' | 'type'>) {
	const words = useWords(partWords);
	const [isShown, setShown] = useState(false);
	return (
		<Field.Root name={name} className="field">
			<Field.Label className="label">{label}</Field.Label>
			<div className="input-with-button">
				<Field.Control
					className="input"
					type={isShown ? 'text' : 'password'}
					autoCapitalize="off"
					spellCheck={false}
					{...control}
				/>
				<button
					type="button"
					className="icon-button"
					aria-label={isShown ? words.hidePassword : words.showPassword}
					onClick={() => setShown(!isShown)}
				>
					{isShown ? <EyeOff aria-hidden size={18} /> : <Eye aria-hidden size={18} />}
				</button>
			</div>
			{hint !== undefined && <Field.Description className="hint">{hint}</Field.Description>}
			<Field.Error className="fault" />
		</Field.Root>
	);
}
