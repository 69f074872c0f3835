import type { Contract } from '@chat-manager/contracts';
import type { ParticipantResult } from '../whatsapp/group-node.ts';

type Members = Contract['connector']['members'];
export type AddOutcome = Members['add']['output']['_zod']['output']['members'][number]['outcome'];
export type RemoveOutcome = Members['remove']['output']['_zod']['output']['members'][number]['outcome'];

/** What became of one person when adding or removing; `undefined` where WhatsApp's answer does not say. */
export type PeopleAction<Outcome> = {
	action: 'add' | 'remove';
	/** How many people go into one request. */
	batchSize: number;
	done: Outcome;
	/** It was so before. */
	already: Outcome;
	/** There is nobody with that number on WhatsApp. */
	absent: Outcome;
	/** Whether it is so, by whether the person is a member now. */
	isDone(isMember: boolean): boolean;
	read(result: ParticipantResult): Outcome | undefined;
};

/** The codes of single people are WhatsApp's; 403 without an invitation is for those who cannot be asked either. */
export const adding: PeopleAction<AddOutcome> = {
	action: 'add',
	batchSize: 5,
	done: 'added',
	already: 'already_member',
	absent: 'not_on_whatsapp',
	isDone: (isMember) => isMember,
	read({ error, hasInvite, awaitsApproval }) {
		if (hasInvite) return 'invite_needed';
		if (error === null) return awaitsApproval ? 'awaiting_approval' : 'added';
		return addCodes[error];
	},
};

export const removing: PeopleAction<RemoveOutcome> = {
	action: 'remove',
	batchSize: 10,
	done: 'removed',
	already: 'not_a_member',
	absent: 'not_a_member',
	isDone: (isMember) => !isMember,
	read: ({ error }) => (error === null ? 'removed' : removeCodes[error]),
};

const addCodes: Record<string, AddOutcome> = {
	'401': 'not_permitted', // Blocked.
	'403': 'not_permitted',
	'404': 'not_on_whatsapp',
	'406': 'not_permitted',
	'408': 'invite_needed', // Left not long ago.
	'409': 'already_member',
	'419': 'restricted', // The group is full.
	'429': 'restricted',
	'463': 'restricted',
};

const removeCodes: Record<string, RemoveOutcome> = {
	'401': 'not_permitted',
	'403': 'not_permitted',
	'404': 'not_a_member',
	'406': 'not_permitted',
	'429': 'restricted',
	'463': 'restricted',
};
