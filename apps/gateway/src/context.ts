import type { Clock, Logger } from '@chat-manager/service';
import type { Grants } from './access/grants.ts';
import type { Revocations } from './access/revocations.ts';
import type { TokenAccess } from './access/token-access.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { BusLink } from './bus-link.ts';
import type { IdentityDatabase } from './database/identity-database.ts';
import type { PublicUrl } from './public-url.ts';

/** What a handler, and a door, may touch. */
export type Context = {
	readonly database: IdentityDatabase;
	readonly bus: BusLink;
	readonly tokens: Pick<TokenAccess, 'verify'> & Pick<Revocations, 'announceRevoked'>;
	readonly audit: AuditLog;
	readonly grants: Grants;
	readonly publicUrl: PublicUrl;
	readonly clock: Clock;
	readonly logger: Logger;
};
