import type { Migrations } from '@chat-manager/database';
import { people } from './0001-people.ts';
import { accessTokens } from './0002-access-tokens.ts';
import { tokenLimits } from './0003-token-limits.ts';
import { audit } from './0004-audit.ts';
import { signIn } from './0005-sign-in.ts';
import { mails } from './0006-mails.ts';
import { deletions } from './0007-deletions.ts';
import { invitations } from './0008-invitations.ts';
import { emailChanged } from './0009-email-changed.ts';
import { wantedEmail } from './0010-wanted-email.ts';

export const migrations: Migrations = {
	'0001-people': people,
	'0002-access-tokens': accessTokens,
	'0003-token-limits': tokenLimits,
	'0004-audit': audit,
	'0005-sign-in': signIn,
	'0006-mails': mails,
	'0007-deletions': deletions,
	'0008-invitations': invitations,
	'0009-email-changed': emailChanged,
	'0010-wanted-email': wantedEmail,
};
