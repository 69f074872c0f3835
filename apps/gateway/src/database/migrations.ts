import type { Migrations } from '@chat-manager/database';
import { people } from './0001-people.ts';
import { accessTokens } from './0002-access-tokens.ts';

export const migrations: Migrations = { '0001-people': people, '0002-access-tokens': accessTokens };
