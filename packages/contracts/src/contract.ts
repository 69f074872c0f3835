import type { AnyOperation, ServiceContract } from './operation.ts';
import { deviceAccount, ownAccount, recordedAccount, webhookAccount } from './operations/account.ts';
import { audit } from './operations/audit.ts';
import { deliveries } from './operations/deliveries.ts';
import { devices, eventKeys, sessions } from './operations/devices.ts';
import { liveGroups, recordedGroups } from './operations/groups.ts';
import { installation } from './operations/installation.ts';
import { liveMembers, recordedMembers } from './operations/members.ts';
import { liveMessages, recordedMessages } from './operations/messages.ts';
import { settings } from './operations/settings.ts';
import { tokens } from './operations/tokens.ts';
import { webhooks } from './operations/webhooks.ts';
import type { Program } from './programs.ts';

/** Who answers what. The first key is the service in the subject. */
export const contract = {
	/** The one connector that holds the user's socket; nobody else is asked. */
	connector: { groups: liveGroups, members: liveMembers, messages: liveMessages, sessions },
	/** Any connector, from the devices' table. */
	connectors: { devices, eventKeys, account: deviceAccount },
	storage: {
		groups: recordedGroups,
		members: recordedMembers,
		messages: recordedMessages,
		settings,
		account: recordedAccount,
	},
	webhooks: { webhooks, deliveries, account: webhookAccount },
	gateway: { tokens, audit, installation, account: ownAccount },
} as const satisfies Record<string, ServiceContract>;

export type Contract = typeof contract;
export type ServiceName = keyof Contract;

/** The program that answers each service's operations. */
export const servedBy: Readonly<Record<ServiceName, Program>> = {
	connector: 'connector',
	connectors: 'connector',
	storage: 'storage',
	webhooks: 'webhooks',
	gateway: 'gateway',
};

/** The one service that is addressed by user. */
export const addressedByUser: ServiceName = 'connector';

/** An operation together with the place where it stands. */
export type Entry = {
	id: string;
	service: ServiceName;
	domain: string;
	verb: string;
	operation: AnyOperation;
};

/** Every operation of the contract, flat. */
export const entries: readonly Entry[] = Object.entries(contract).flatMap(([service, domains]) =>
	Object.entries(domains).flatMap(([domain, verbs]) =>
		Object.entries(verbs as Record<string, AnyOperation>).map(([verb, operation]) => ({
			id: `${service}.${domain}.${verb}`,
			service: service as ServiceName,
			domain,
			verb,
			operation,
		})),
	),
);
