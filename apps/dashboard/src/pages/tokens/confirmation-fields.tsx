import { Confirmation } from '@chat-manager/contracts';
import { Choice } from '../../parts/choice.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useWords } from '../../words/language.tsx';
import { tokenWords } from '../../words/tokens.ts';

/** When a person is asked before something far-reaching; folded away, for the default suits most. */
export function ConfirmationFields() {
	const words = useWords(tokenWords);
	return (
		<details className="more">
			<summary>{words.more}</summary>
			<div className="stack">
				<Choice.Select name="confirmation" label={words.confirmation} hint={words.confirmationHint}>
					{Confirmation.options.map((name) => (
						<option key={name} value={name}>
							{words[name]}
						</option>
					))}
				</Choice.Select>
				<TextField
					name="confirmAboveMembers"
					label={`${words.large} (${words.largeUnit})`}
					type="number"
					min={0}
					max={100_000}
					defaultValue={100}
				/>
			</div>
		</details>
	);
}
