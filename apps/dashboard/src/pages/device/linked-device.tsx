import { contract } from '@chat-manager/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ExternalLink, Unlink } from 'lucide-react';
import { query } from '../../api/ask.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { deviceWords } from '../../words/device.ts';
import { useWords } from '../../words/language.tsx';
import type { Device } from './device-query.ts';
import { useUnlink } from './use-link.ts';

/** The facts of a linked device, and the way to end the link. */
export function LinkedDevice({ device }: { device: Device }) {
	const words = useWords(deviceWords);
	const notice = useNotice();
	const unlinking = useUnlink();
	const { data: installation } = useQuery(query(contract.gateway.installation.get, {}));
	const phonePage = device.network === 'simulated' ? (installation?.simulatedPhoneUrl ?? null) : null;
	return (
		<div className="stack">
			<dl className="facts">
				{device.phone !== null && (
					<div>
						<dt>{words.number}</dt>
						<dd>{device.phone}</dd>
					</div>
				)}
				<div>
					<dt>{words.network}</dt>
					<dd>{device.network === 'simulated' ? words.simulatedNetwork : words.whatsapp}</dd>
				</div>
			</dl>
			{device.network === 'simulated' && <p className="soft">{words.isSimulated}</p>}
			<div className="actions">
				<Link to="/groups" className="button button-primary">
					{words.toGroups}
				</Link>
				{phonePage !== null && (
					<a className="button button-plain" href={phonePage} target="_blank" rel="noreferrer">
						<ExternalLink aria-hidden size={16} />
						{words.openSimulatedPhone}
					</a>
				)}
				<ConfirmButton
					look="quiet"
					label={words.unlink}
					icon={Unlink}
					title={words.unlinkTitle}
					text={words.unlinkText}
					onConfirm={() => unlinking.mutateAsync().then(() => notice.done(words.unlinked))}
				/>
			</div>
		</div>
	);
}
