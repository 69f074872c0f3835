import {
	type BusAccess,
	type BusPermissions,
	backupPermissions,
	programPermissions,
	restorePermissions,
} from '@chat-manager/bus';
import { busAccess as connector } from '../../apps/connector/src/bus-access.ts';
import { busAccess as gateway } from '../../apps/gateway/src/bus-access.ts';
import { busAccess as storage } from '../../apps/storage/src/bus-access.ts';
import { busAccess as webhooks } from '../../apps/webhooks/src/bus-access.ts';
import type { Command } from './deployment/compose-settings.ts';

const all: readonly BusAccess[] = [gateway, connector, storage, webhooks];

const commands: Readonly<Record<Command, () => BusPermissions>> = {
	backup: backupPermissions,
	restore: restorePermissions,
};

/** Every user of the bus: a program, or a command of the operator's. */
const users: Readonly<Record<string, () => BusPermissions>> = {
	...Object.fromEntries(all.map((access) => [access.program, () => programPermissions(access)])),
	...commands,
};

/** What each user may do, as nats-server reads it. Our own servers, in tests too, run with these very files. */
export const permissionFiles: Readonly<Record<string, () => unknown>> = Object.fromEntries(
	Object.entries(users).map(([user, permissions]) => [`infra/nats/permissions/${user}.json`, permissions]),
);

/** The users for the configuration of a server of one's own. */
export function authorizationFile(): string {
	const entries = Object.keys(users).map(
		(user) => `		{
			user: ${user}
			password: $NATS_PASSWORD_${user.toUpperCase()}
			permissions: { include ./permissions/${user}.json }
		}`,
	);
	return `# Made by npm run generate. For nats.conf: include ./authorization.conf
# The passwords come from the environment of nats-server; docs/operate/bus.md tells how.
authorization {
	users: [
${entries.join('\n')}
	]
}
`;
}
