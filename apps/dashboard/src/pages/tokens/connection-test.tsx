import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Circle, CircleAlert, CircleCheck, LoaderCircle, PlugZap } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { keyOf } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { PasswordField } from '../../parts/text-field.tsx';
import { connectionWords } from '../../words/connection.ts';
import { useWords } from '../../words/language.tsx';
import { type ConnectionStep, connectionSteps, type StepOutcome, testConnection } from './test-connection.ts';

type Outcomes = Partial<Record<ConnectionStep, StepOutcome>>;

const TokenText = z.object({ token: z.string().trim() });

/** Connects as a client does, step by step, and says at which one it fails and why. */
export function ConnectionTest({ mcpUrl }: { mcpUrl: string }) {
	const words = useWords(connectionWords);
	const queryClient = useQueryClient();
	const [outcomes, setOutcomes] = useState<Outcomes>();
	const testing = useMutation({
		async mutationFn(token: string | null) {
			setOutcomes({});
			await testConnection(mcpUrl, token, (step, outcome) =>
				setOutcomes((before) => ({ ...before, [step]: outcome })),
			);
		},
		// The token of the test stood among the others; it is over when that is gone.
		onSettled: () => queryClient.invalidateQueries({ queryKey: keyOf(contract.gateway.tokens.list) }),
		gcTime: 0,
	});
	return (
		<div className="stack">
			<p className="soft">{words.intro}</p>
			<ContractForm schema={TokenText} onValid={({ token }) => testing.mutate(token === '' ? null : token)}>
				<PasswordField name="token" label={words.token} hint={words.tokenHint} autoComplete="off" />
				<Button type="submit" isBusy={testing.isPending}>
					<PlugZap aria-hidden size={16} />
					{words.start}
				</Button>
			</ContractForm>
			<ErrorNote error={testing.error} />
			{outcomes !== undefined && <Steps outcomes={outcomes} isRunning={testing.isPending} />}
		</div>
	);
}

function Steps({ outcomes, isRunning }: { outcomes: Outcomes; isRunning: boolean }) {
	const words = useWords(connectionWords);
	// After a step that failed nothing more is tried, only the token of the test is revoked.
	const isTrying = isRunning && connectionSteps.every((step) => outcomes[step]?.ok !== false);
	const current = isTrying ? connectionSteps.find((step) => outcomes[step] === undefined) : undefined;
	const isWell = connectionSteps.every((step) => outcomes[step]?.ok === true);
	return (
		<div role="status">
			<ol className="test-steps">
				{connectionSteps.map((step) => (
					<Step key={step} step={step} outcome={outcomes[step]} isCurrent={step === current} />
				))}
			</ol>
			{isWell && !isRunning && <Note icon={CircleCheck}>{words.allWell}</Note>}
		</div>
	);
}

function Step(props: { step: ConnectionStep; outcome: StepOutcome | undefined; isCurrent: boolean }) {
	const { step, outcome, isCurrent } = props;
	const words = useWords(connectionWords);
	const state = outcome === undefined ? (isCurrent ? 'busy' : 'later') : outcome.ok ? 'ok' : 'failed';
	const Icon = { busy: LoaderCircle, later: Circle, ok: CircleCheck, failed: CircleAlert }[state];
	return (
		<li className="test-step" data-state={state}>
			<Icon aria-hidden size={18} className={state === 'busy' ? 'spin' : ''} />
			<div>
				<p>
					{words.steps[step]}
					<span className="sr"> – {words.states[state]}</span>
				</p>
				{outcome?.ok === true && outcome.fact !== null && (
					<p className="soft small">{words.fact(step, outcome.fact)}</p>
				)}
				{outcome?.ok === false && <p className="fault">{words.fault(outcome.fault)}</p>}
			</div>
		</li>
	);
}
