import type { Contract, Handlers } from '@chat-manager/contracts';
import type { Context } from '../context.ts';
import { account } from './account.ts';
import { audit } from './audit.ts';
import { installation } from './installation.ts';
import { tokens } from './tokens.ts';

/** The operations that the gateway answers itself. */
export const handlers: Handlers<Contract['gateway'], Context> = { tokens, audit, installation, account };
