import type { Migration } from '@chat-manager/database';
import { sql } from 'kysely';

/**
 * Read-only tokens, and when a person is asked. The scopes get their final names; nobody's token becomes able to do more by
 * it: who could only see webhooks cannot manage them.
 */
export const tokenLimits: Migration = {
	async up(db) {
		await sql`
			alter table access_tokens
				add column read_only boolean not null default false,
				add column confirmation text not null default 'where_possible'
					check (confirmation in ('where_possible', 'required', 'never')),
				add column confirm_above_members integer not null default 100`.execute(db);
		await sql`
			update access_tokens set scopes = array(
				select distinct renamed.scope
				from unnest(access_tokens.scopes) as old (scope),
					lateral unnest(case old.scope
						when 'messages:write' then array['messages:send']
						when 'groups:write' then array['groups:manage', 'members:manage']
						when 'webhooks:write' then array['webhooks:manage']
						when 'webhooks:read' then array[]::text[]
						else array[old.scope]
					end) as renamed (scope)
				order by renamed.scope
			)`.execute(db);
	},
};
