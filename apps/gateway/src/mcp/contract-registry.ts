import type { Context } from '../context.ts';
import { createConfirmer } from './confirm.ts';
import { createContractTools } from './contract-tools.ts';
import { iconsOf } from './icons.ts';
import { instructions } from './instructions.ts';
import { installPrompts, offersPrompts } from './prompts.ts';
import type { Registry } from './registry.ts';
import { installResources, offersResources } from './resources.ts';

/** What the product offers to agents: the tools of the contract, prompts for the common flows, each starred group. */
export function createContractRegistry(context: Context, secret: string): Registry {
	const confirmer = createConfirmer(context, secret);
	const { origin } = context.publicUrl;
	return {
		info: {
			name: 'chat-manager',
			title: 'Chat Manager',
			version: '0.1.0',
			description: 'Read and run your starred WhatsApp groups.',
			websiteUrl: origin,
			icons: iconsOf('', origin),
		},
		instructions,
		capabilities: (caller) => ({
			tools: {},
			...(offersPrompts(caller) ? { prompts: {} } : {}),
			...(offersResources(caller) ? { resources: {} } : {}),
		}),
		tools: createContractTools(context, confirmer),
		install(server, caller) {
			if (offersPrompts(caller)) installPrompts(server, caller);
			if (offersResources(caller)) installResources(server, caller, context);
		},
		requestState: { verify: confirmer.verify },
	};
}
