import { z } from 'zod';
import { EventHead, type EventSpec } from '../event.ts';
import { accountEvents } from './account.ts';
import { deviceEvents } from './devices.ts';
import { groupEvents, memberEvents } from './groups.ts';
import { messageEvents } from './messages.ts';
import { settingsEvents } from './settings.ts';
import { webhookEvents } from './webhooks.ts';

/** Every event of the system: domain → past tense → event. */
export const events = {
	message: messageEvents,
	member: memberEvents,
	group: groupEvents,
	device: deviceEvents,
	settings: settingsEvents,
	account: accountEvents,
	webhook: webhookEvents,
};

type Events = typeof events;
/** `message.received`, `group.starred`, … */
export type EventType = { [D in keyof Events & string]: `${D}.${keyof Events[D] & string}` }[keyof Events &
	string];
export type EventData<T extends EventType> = T extends `${infer D}.${infer V}`
	? D extends keyof Events
		? V extends keyof Events[D]
			? Events[D][V] extends EventSpec<infer Data>
				? Data['_zod']['output']
				: never
			: never
		: never
	: never;

export const eventTypes = Object.entries(events).flatMap(([domain, specs]) =>
	Object.keys(specs).map((verb) => `${domain}.${verb}`),
) as [EventType, ...EventType[]];

/** An event of a known type as it crosses the bus, its data not looked at yet. */
export const EventEnvelope = EventHead.extend({ type: z.enum(eventTypes), data: z.unknown() });

/** What webhooks may subscribe to. */
export const webhookEventTypes = eventTypes.filter((type) => eventSpec(type).webhook === true) as [
	EventType,
	...EventType[],
];

/** The entry of an event type; asking for one that does not exist is a programming error. */
export function eventSpec(type: EventType): EventSpec {
	const [domain = '', verb = ''] = type.split('.');
	const spec = (events as Record<string, Record<string, EventSpec>>)[domain]?.[verb];
	if (spec === undefined) throw new Error(`No event ${type} in the contract`);
	return spec;
}
