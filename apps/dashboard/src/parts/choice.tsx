import { Field } from '@base-ui/react/field';
import { type ReactNode, useId } from 'react';

/** A group of boxes or of radio buttons, with its fault below. */
function Group({ name, label, children }: { name: string; label: string; children: ReactNode }) {
	return (
		<Field.Root name={name} className="field" render={<fieldset />}>
			<legend className="label">{label}</legend>
			<div className="choices">{children}</div>
			<Field.Error className="fault" />
		</Field.Root>
	);
}

function Box(props: { label: ReactNode; hint?: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
	const id = useId();
	return (
		<div className="choice">
			<input
				type="checkbox"
				id={id}
				checked={props.isOn}
				aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
				onChange={({ target }) => props.onChange(target.checked)}
			/>
			<div>
				<label htmlFor={id}>{props.label}</label>
				<Hint id={id} text={props.hint} />
			</div>
		</div>
	);
}

function Hint({ id, text }: { id: string; text: string | undefined }) {
	if (text === undefined) return null;
	return (
		<p className="hint" id={`${id}-hint`}>
			{text}
		</p>
	);
}

function One(props: { name: string; label: string; hint?: string; isOn: boolean; onChoose: () => void }) {
	const id = useId();
	return (
		<div className="choice">
			<input
				type="radio"
				id={id}
				name={props.name}
				checked={props.isOn}
				aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
				onChange={props.onChoose}
			/>
			<div>
				<label htmlFor={id}>{props.label}</label>
				<Hint id={id} text={props.hint} />
			</div>
		</div>
	);
}

/** The browser's own list: it is the best one on a phone. */
function Select(props: { name: string; label: string; hint?: string; children: ReactNode }) {
	return (
		<Field.Root name={props.name} className="field">
			<Field.Label className="label">{props.label}</Field.Label>
			<Field.Control className="select" render={<select>{props.children}</select>} />
			{props.hint !== undefined && <Field.Description className="hint">{props.hint}</Field.Description>}
		</Field.Root>
	);
}

export const Choice = { Group, Box, One, Select };
