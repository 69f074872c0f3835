import { contract } from '@chat-manager/contracts';
import { useState } from 'react';
import type { z } from 'zod';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { withOrWithout } from '../../parts/with-or-without.ts';
import { useWords } from '../../words/language.tsx';
import { scopeNames, scopeWords } from '../../words/scopes.ts';
import { tokenWords } from '../../words/tokens.ts';
import { GroupChoice } from '../groups/group-choice.tsx';
import { ConfirmationFields } from './confirmation-fields.tsx';

const { input: TokenInput } = contract.gateway.tokens.create;
type TokenInput = z.output<typeof TokenInput>;

const dayMs = 86_400_000;
const lifetimesDays = [7, 30, 90, 365] as const;

/** All that a token can be limited by; the name is enough. */
export function TokenForm(props: { onValid: (input: TokenInput) => void; isBusy: boolean; error: unknown }) {
	const words = useWords(tokenWords);
	const scopeTexts = useWords(scopeWords);
	const [scopes, setScopes] = useState<ReadonlySet<string>>(new Set(scopeNames));
	const [readOnly, setReadOnly] = useState(false);
	const [onlyGroups, setOnlyGroups] = useState<ReadonlySet<string> | null>(null);
	return (
		<ContractForm
			schema={TokenInput}
			read={({ name, days = '', confirmation, confirmAboveMembers = '' }) => ({
				name,
				scopes: [...scopes],
				readOnly,
				groups: onlyGroups === null ? null : [...onlyGroups],
				confirmation: confirmation || undefined,
				confirmAboveMembers: confirmAboveMembers === '' ? undefined : Number(confirmAboveMembers),
				expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString(),
			})}
			faultOf={{ name: words.nameMissing, scopes: words.scopesMissing, groups: words.groupsMissing }}
			onValid={props.onValid}
		>
			<ErrorNote error={props.error} />
			<TextField
				name="name"
				label={words.name}
				hint={words.nameHint}
				placeholder={words.namePlaceholder}
				autoComplete="off"
				maxLength={100}
				autoFocus
				dir="auto"
			/>
			<Choice.Group name="scopes" label={words.mayDo}>
				{scopeNames.map((scope) => (
					<Choice.Box
						key={scope}
						label={scopeTexts[scope]}
						isOn={scopes.has(scope)}
						onChange={(isOn) => setScopes(withOrWithout(scopes, scope, isOn))}
					/>
				))}
			</Choice.Group>
			<Choice.Box label={words.readOnly} hint={words.readOnlyHint} isOn={readOnly} onChange={setReadOnly} />
			<GroupChoice only={onlyGroups} onChange={setOnlyGroups} />
			<Choice.Select name="days" label={words.expires}>
				<option value="">{words.expiresNever}</option>
				{lifetimesDays.map((days) => (
					<option key={days} value={days}>
						{words.expiresIn(days)}
					</option>
				))}
			</Choice.Select>
			<ConfirmationFields />
			<div className="dialog-actions">
				<Button type="submit" look="primary" isBusy={props.isBusy}>
					{words.create}
				</Button>
			</div>
		</ContractForm>
	);
}
