import { Form } from '@base-ui/react/form';
import { type ReactNode, useState } from 'react';
import type { z } from 'zod';

type ContractFormProps<Schema extends z.ZodType> = {
	/** The contract's own input, or the part of it that the form asks for. */
	schema: Schema;
	/** What the fields hold, as the schema wants it; by their names unless told. */
	read?: (fields: Readonly<Record<string, string>>) => unknown;
	onValid: (value: z.output<Schema>) => void;
	/** A sentence of the page's language for a field at fault; the schema's own words without one. */
	faultOf?: Readonly<Record<string, string>>;
	children: ReactNode;
};

/** A form that is checked by a schema of the contract: each fault stands at its field, and the first one gets the focus. */
export function ContractForm<Schema extends z.ZodType>({
	schema,
	read = (fields) => fields,
	onValid,
	faultOf = {},
	children,
}: ContractFormProps<Schema>) {
	const [faults, setFaults] = useState<Record<string, string>>({});
	return (
		<Form
			className="form"
			errors={faults}
			onFormSubmit={(values) => {
				const fields = Object.fromEntries(
					Object.entries(values).map(([name, value]) => [name, String(value ?? '')]),
				);
				const parsed = schema.safeParse(read(fields));
				setFaults(parsed.success ? {} : faultsOf(parsed.error, faultOf));
				if (parsed.success) onValid(parsed.data);
			}}
		>
			{children}
		</Form>
	);
}

function faultsOf(error: z.ZodError, faultOf: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(
		error.issues.toReversed().map(({ path, message }) => {
			const name = String(path[0] ?? '');
			return [name, faultOf[name] ?? capitalized(message)];
		}),
	);
}

function capitalized(sentence: string): string {
	return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
