import type { ReceivedEvent } from '@chat-manager/bus';
import type { StorageContext } from '../context.ts';
import { type DeviceFact, recordDeviceFacts } from '../database/queries/device-facts.ts';

type DeviceEvent = Extract<ReceivedEvent, { type: 'device.connected' | 'device.disconnected' }>;

/** States in which the connectors go on trying: what was written meanwhile can still come. */
const stillTrying: readonly string[] = ['connecting', 'reconnecting', 'offline'];

/** When the device was there and when not; what that means for the messages is worked out when somebody reads. */
export async function recordDeviceEvents(
	{ db }: StorageContext,
	events: readonly DeviceEvent[],
): Promise<void> {
	await recordDeviceFacts(db, events.map(toFact));
}

function toFact({ id, sequence, at, userId, type, data }: DeviceEvent): DeviceFact {
	const kind =
		type === 'device.connected' ? 'connected' : stillTrying.includes(data.state) ? 'away' : 'ended';
	return { user_id: userId, event_id: id, at: new Date(at), sequence, kind };
}
