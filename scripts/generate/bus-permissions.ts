import { type BusAccess, backupPermissions, programPermissions } from '@chat-manager/bus';
import { busAccess as connector } from '../../apps/connector/src/bus-access.ts';
import { busAccess as gateway } from '../../apps/gateway/src/bus-access.ts';
import { busAccess as storage } from '../../apps/storage/src/bus-access.ts';
import { busAccess as webhooks } from '../../apps/webhooks/src/bus-access.ts';

const all: readonly BusAccess[] = [gateway, connector, storage, webhooks];

/** What each program's NATS user may do, as nats-server reads it. Our own servers, in tests too, run with these very files. */
export const permissionFiles: Readonly<Record<string, () => unknown>> = {
	...Object.fromEntries(
		all.map((access) => [`infra/nats/permissions/${access.program}.json`, () => programPermissions(access)]),
	),
	'infra/nats/permissions/backup.json': backupPermissions,
};

/** The users for the configuration of a server of one's own. */
export function authorizationFile(): string {
	const users = all.map(
		({ program }) => `		{
			user: ${program}
			password: $NATS_PASSWORD_${program.toUpperCase()}
			permissions: { include ./permissions/${program}.json }
		}`,
	);
	return `# Made by npm run generate. For nats.conf: include ./authorization.conf
# The passwords come from the environment of nats-server; docs/operate/bus.md tells how.
authorization {
	users: [
${users.join('\n')}
	]
}
`;
}
