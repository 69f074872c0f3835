import { useQuery } from '@tanstack/react-query';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { deviceWords } from '../../words/device.ts';
import { useWords } from '../../words/language.tsx';
import { deviceQuery, isLinked } from './device-query.ts';
import { DeviceStatus } from './device-status.tsx';
import { LinkDevice } from './link-device.tsx';
import { LinkedDevice } from './linked-device.tsx';
import { LinkingDevice } from './linking-device.tsx';

export function DevicePage() {
	const words = useWords(deviceWords);
	const { data: device, error } = useQuery(deviceQuery);
	return (
		<>
			<PageHead title={words.title} intro={words.intro} />
			<ErrorNote error={error} />
			{device === undefined && error === null && <Loading />}
			{device !== undefined && (
				<section className="card">
					<DeviceStatus device={device} />
					{device.state === 'linking' ? (
						<LinkingDevice device={device} />
					) : isLinked(device) ? (
						<LinkedDevice device={device} />
					) : (
						<LinkDevice device={device} />
					)}
				</section>
			)}
		</>
	);
}
