import { type ChangeTopic, contract, type Operation } from '@chat-manager/contracts';
import { keyOf } from '../api/ask.ts';

const { storage, connector, connectors, webhooks, gateway } = contract;

export type StaleRead = {
	/** The first part of the keys of its queries. */
	readonly key: string;
	/** What costs WhatsApp or the database more than a look is read again no sooner than this. */
	readonly everyMs: number;
};

const read = (operation: Operation, everyMs = 0): StaleRead => ({ key: keyOf(operation)[0], everyMs });

const slowMs = 5_000;
/** Each look at the members asks WhatsApp. */
const memberLookMs = 20_000;

/** What is read otherwise once something has changed. */
export const staleReads: Readonly<Record<ChangeTopic, readonly StaleRead[]>> = {
	device: [read(connectors.devices.get)],
	groups: [
		read(storage.groups.listStarred),
		read(storage.groups.getStarred),
		read(storage.members.changes),
		read(storage.groups.timeline, slowMs),
		read(connector.groups.list, slowMs),
	],
	members: [
		read(storage.groups.listStarred),
		read(storage.groups.getStarred),
		read(storage.members.changes),
		read(storage.groups.timeline, slowMs),
		read(connector.members.list, slowMs),
	],
	messages: [
		read(storage.messages.list),
		read(storage.groups.timeline, slowMs),
		read(connector.members.list, memberLookMs),
	],
	settings: [read(storage.settings.get)],
	webhooks: [read(webhooks.webhooks.list)],
	deliveries: [
		read(webhooks.deliveries.list),
		read(webhooks.deliveries.get),
		read(webhooks.webhooks.list, slowMs),
	],
	tokens: [read(gateway.tokens.list)],
	audit: [read(gateway.audit.list)],
};
