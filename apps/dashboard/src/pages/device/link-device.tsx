import { contract } from '@chat-manager/contracts';
import { useQuery } from '@tanstack/react-query';
import { FlaskConical, type LucideIcon, QrCode as QrIcon, RectangleEllipsis } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { query } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { ContractForm } from '../../parts/contract-form.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { deviceWords } from '../../words/device.ts';
import { useWords } from '../../words/language.tsx';
import type { Device } from './device-query.ts';
import { useLink } from './use-link.ts';

/** The three ways to link, when nothing is linked. */
export function LinkDevice({ device }: { device: Device }) {
	const words = useWords(deviceWords);
	const { data: installation } = useQuery(query(contract.gateway.installation.get, {}));
	const hasSimulator = (installation?.simulatedPhoneUrl ?? null) !== null;
	const [isTyping, setTyping] = useState(false);
	const { mutate, isPending, variables, error } = useLink();
	const network = device.network ?? 'whatsapp';
	return (
		<div className="stack">
			<ErrorNote error={error} />
			<h2>{words.howTo}</h2>
			<ul className="ways">
				<Way icon={QrIcon} title={words.qr} hint={words.qrHint}>
					<Button
						look="primary"
						isBusy={isPending && variables.method === 'qr' && variables.network !== 'simulated'}
						onClick={() => mutate({ method: 'qr', network: 'whatsapp' })}
					>
						{words.showQr}
					</Button>
				</Way>
				<Way icon={RectangleEllipsis} title={words.code} hint={words.codeHint}>
					{isTyping ? (
						<ContractForm
							schema={contract.connectors.devices.link.input}
							read={({ phone }) => ({ method: 'code', phone, network })}
							onValid={mutate}
						>
							<TextField
								name="phone"
								label={words.phone}
								hint={words.phoneHint}
								type="tel"
								autoComplete="tel"
								autoFocus
							/>
							<Button type="submit" look="primary" isBusy={isPending && variables.method === 'code'}>
								{words.getCode}
							</Button>
						</ContractForm>
					) : (
						<Button onClick={() => setTyping(true)}>{words.getCode}</Button>
					)}
				</Way>
				{hasSimulator && (
					<Way icon={FlaskConical} title={words.simulated} hint={words.simulatedHint}>
						<Button
							isBusy={isPending && variables.network === 'simulated' && variables.method === 'qr'}
							onClick={() => mutate({ method: 'qr', network: 'simulated' })}
						>
							{words.startSimulated}
						</Button>
					</Way>
				)}
			</ul>
		</div>
	);
}

function Way(props: { icon: LucideIcon; title: string; hint: string; children: ReactNode }) {
	return (
		<li className="way">
			<props.icon aria-hidden size={22} />
			<h3>{props.title}</h3>
			<p className="soft">{props.hint}</p>
			{props.children}
		</li>
	);
}
