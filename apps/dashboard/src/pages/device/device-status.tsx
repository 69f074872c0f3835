import type { DeviceState } from '@chat-manager/contracts';
import { deviceStateWords, deviceWords } from '../../words/device.ts';
import { adviceIn } from '../../words/device-advice.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import type { Device } from './device-query.ts';

type Tone = 'good' | 'busy' | 'bad' | 'idle';

const tones: Readonly<Record<DeviceState, Tone>> = {
	unlinked: 'idle',
	linking: 'busy',
	connecting: 'busy',
	connected: 'good',
	reconnecting: 'busy',
	offline: 'bad',
	replaced: 'bad',
	logged_out: 'bad',
	restricted: 'bad',
	passkey_required: 'bad',
};

/** The state of the device in plain words, and what to do next. Announced when it changes. */
export function DeviceStatus({ device }: { device: Device }) {
	const words = useWords(deviceWords);
	const { language } = useLanguage();
	const times = useTimes();
	return (
		<div className="device-status" role="status">
			<DeviceBadge state={device.state} />
			<p>{adviceIn(language, device)}</p>
			{device.retryAt !== null && <p className="soft">{words.retryAt(times.clock(device.retryAt))}</p>}
		</div>
	);
}

export function DeviceBadge({ state }: { state: DeviceState }) {
	const names = useWords(deviceStateWords);
	return (
		<span className="badge" data-tone={tones[state]}>
			<span className="dot" aria-hidden />
			{names[state]}
		</span>
	);
}
