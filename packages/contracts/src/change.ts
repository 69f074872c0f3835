import { z } from 'zod';
import { GroupJid } from './ids.ts';

/**
 * Parts of what a person sees that change by themselves. A change names the part and never what is in it: whoever shows
 * that part reads it again, with their own rights.
 */
export const changeTopics = [
	'device',
	'groups',
	'members',
	'messages',
	'settings',
	'webhooks',
	'deliveries',
	'tokens',
	'audit',
] as const;

export const Change = z.object({
	topic: z.enum(changeTopics),
	/** The group that it concerns, where it is one of them. */
	groupJid: GroupJid.optional(),
});
export type Change = z.infer<typeof Change>;
export type ChangeTopic = Change['topic'];
