import type { Migrations } from '@chat-manager/database';
import { people } from './0001-people.ts';
import { accessTokens } from './0002-access-tokens.ts';
import { tokenLimits } from './0003-token-limits.ts';
import { audit } from './0004-audit.ts';

export const migrations: Migrations = {
	'0001-people': people,
	'0002-access-tokens': accessTokens,
	'0003-token-limits': tokenLimits,
	'0004-audit': audit,
};
