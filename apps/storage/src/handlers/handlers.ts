import type { Contract, Handlers } from '@chat-manager/contracts';
import type { StorageContext } from '../context.ts';
import { account } from './account.ts';
import { groups } from './groups.ts';
import { members } from './members.ts';
import { messages } from './messages.ts';
import { settings } from './settings.ts';

export const handlers: Handlers<Contract['storage'], StorageContext> = {
	groups,
	members,
	messages,
	settings,
	account,
};
