import { type EventType, webhookEventTypes } from '@chat-manager/contracts';
import { useState } from 'react';
import type { z } from 'zod';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { withOrWithout } from '../../parts/with-or-without.ts';
import { useWords } from '../../words/language.tsx';
import { webhookWords } from '../../words/webhooks.ts';
import { GroupChoice } from '../groups/group-choice.tsx';

type Endpoint = { url: string; name: string; events: readonly EventType[]; groups: readonly string[] | null };

type WebhookFormProps<Schema extends z.ZodType> = {
	/** The contract's own input; what the form asks for is read into it. */
	schema: Schema;
	read: (endpoint: Endpoint) => unknown;
	/** What stands in the fields at first. */
	initial: Endpoint;
	action: string;
	onValid: (value: z.output<Schema>) => void;
	isBusy: boolean;
	error: unknown;
};

/** Where events are posted, which, and of which groups: for a new endpoint and for one that there is. */
export function WebhookForm<Schema extends z.ZodType>(props: WebhookFormProps<Schema>) {
	const { schema, read, initial, action, onValid, isBusy, error } = props;
	const words = useWords(webhookWords);
	const [events, setEvents] = useState<ReadonlySet<EventType>>(new Set(initial.events));
	const [groups, setGroups] = useState<ReadonlySet<string> | null>(initial.groups && new Set(initial.groups));
	return (
		<ContractForm
			schema={schema}
			read={({ url = '', name = '' }) =>
				read({ url, name, events: [...events], groups: groups && [...groups] })
			}
			faultOf={{
				url: words.urlFault,
				name: words.nameFault,
				events: words.eventsMissing,
				groups: words.groupsMissing,
			}}
			onValid={onValid}
		>
			<ErrorNote error={error} />
			<TextField
				name="url"
				label={words.url}
				hint={words.urlHint}
				inputMode="url"
				autoComplete="off"
				placeholder="https://example.com/hooks"
				defaultValue={initial.url}
				autoFocus
			/>
			<TextField
				name="name"
				label={words.name}
				defaultValue={initial.name}
				maxLength={100}
				autoComplete="off"
				dir="auto"
			/>
			<Choice.Group name="events" label={words.events}>
				<div className="choice-columns">
					{webhookEventTypes.map((type) => (
						<Choice.Box
							key={type}
							label={<code>{type}</code>}
							isOn={events.has(type)}
							onChange={(isOn) => setEvents(withOrWithout(events, type, isOn))}
						/>
					))}
				</div>
			</Choice.Group>
			<GroupChoice only={groups} onChange={setGroups} />
			<div className="dialog-actions">
				<Button type="submit" look="primary" isBusy={isBusy}>
					{action}
				</Button>
			</div>
		</ContractForm>
	);
}
