import { contract } from '@chat-manager/contracts';
import { useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { query } from '../../api/ask.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import { useSecondsLeft } from '../../parts/use-seconds-left.ts';
import { deviceWords } from '../../words/device.ts';
import { useWords } from '../../words/language.tsx';
import type { Device } from './device-query.ts';
import { useUnlink } from './use-link.ts';

/** What to scan or to type, with the time that is left of it. */
export function LinkingDevice({ device }: { device: Device }) {
	const words = useWords(deviceWords);
	const stopping = useUnlink();
	const { code, qr } = device;
	return (
		<div className="linking">
			<ErrorNote error={stopping.error} />
			<div className="linking-code">
				{code !== null ? (
					<PairingCode code={code} expiresAt={device.codeExpiresAt} />
				) : qr !== null ? (
					<LiveQr qr={qr} expiresAt={device.qrExpiresAt} />
				) : (
					<div className="qr qr-waiting">
						<p className="soft">{words.preparing}</p>
					</div>
				)}
			</div>
			<div className="stack">
				<ol className="steps">
					<li>{words.stepOpen}</li>
					<li>{words.stepDevices}</li>
					<li>{code !== null ? words.stepType : words.stepScan}</li>
				</ol>
				{device.network === 'simulated' && <SimulatedPhone qr={qr} />}
				<div className="actions">
					<Button look="quiet" isBusy={stopping.isPending} onClick={() => stopping.mutate()}>
						{words.stop}
					</Button>
				</div>
			</div>
		</div>
	);
}

function LiveQr({ qr, expiresAt }: { qr: string; expiresAt: string | null }) {
	const words = useWords(deviceWords);
	const seconds = useSecondsLeft(expiresAt);
	return (
		<>
			<QrCode text={qr} label={words.qrPicture} />
			{seconds !== undefined && <p className="soft countdown">{words.renews(seconds)}</p>}
		</>
	);
}

function PairingCode({ code, expiresAt }: { code: string; expiresAt: string | null }) {
	const words = useWords(deviceWords);
	const seconds = useSecondsLeft(expiresAt);
	return (
		<>
			<p className="pairing-code">
				{code.slice(0, 4)}
				<span aria-hidden>-</span>
				{code.slice(4)}
			</p>
			<CopyButton text={code} />
			{seconds !== undefined && <p className="soft countdown">{words.codeLasts(seconds)}</p>}
		</>
	);
}

/** Opens the simulated phone with this code in its hand; the code goes in the fragment, which no server sees. */
function SimulatedPhone({ qr }: { qr: string | null }) {
	const words = useWords(deviceWords);
	const { data: installation } = useQuery(query(contract.gateway.installation.get, {}));
	const page = installation?.simulatedPhoneUrl ?? null;
	if (page === null) return null;
	const href = qr === null ? page : `${page}&qr=${encodeURIComponent(qr)}`;
	return (
		<div className="note">
			<div>
				<a className="button button-primary" href={href} target="_blank" rel="noreferrer">
					<ExternalLink aria-hidden size={16} />
					{qr === null ? words.openSimulatedPhone : words.openPhone}
				</a>
				<p className="soft">{words.openPhoneHint}</p>
			</div>
		</div>
	);
}
