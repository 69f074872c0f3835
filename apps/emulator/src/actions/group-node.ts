import { pnJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { accountByLid } from '../network/accounts.ts';
import { personIn } from '../network/addressing.ts';
import { seconds } from '../network/context.ts';
import type { ParticipantResult } from '../network/group-members.ts';
import type { Account, Group, Network, Participant } from '../network/state.ts';

/**
 * A group as clients read it: `<group>` with its participants. A participant's address is the hidden id (LID), or
 * in groups of the older kind the number, and the other one stands beside it. `failed` participants of a creation are listed with their error, as
 * WhatsApp does.
 */
export function groupNode(network: Network, group: Group, failed: readonly ParticipantResult[] = []): Stanza {
	const { description } = group;
	const address = (lid: string) => addressOf(network, group, lid);
	return node(
		'group',
		{
			id: group.id,
			subject: group.subject,
			s_t: seconds(group.subjectAtMs),
			s_o: address(group.subjectOwner)?.jid,
			s_o_pn: pnOfLid(network, group.subjectOwner),
			creator: address(group.creator)?.jid,
			creator_pn: pnOfLid(network, group.creator),
			creation: seconds(group.createdAtMs),
			size: String(group.participants.length),
			addressing_mode: group.addressing,
		},
		[
			...group.participants.map((participant) => participantNode(network, group, participant)),
			...failed.map(resultNode),
			...(description
				? [
						node(
							'description',
							{
								id: description.id,
								participant: address(description.owner)?.jid,
								participant_pn: pnOfLid(network, description.owner),
								t: seconds(description.atMs),
							},
							[node('body', {}, Buffer.from(description.body))],
						),
					]
				: []),
			...(group.announce ? [node('announcement')] : []),
			...(group.locked ? [node('locked')] : []),
			...(group.ephemeralSeconds > 0
				? [node('ephemeral', { expiration: String(group.ephemeralSeconds) })]
				: []),
			node('member_add_mode', {}, Buffer.from(group.memberAddMode)),
			...(group.approval ? [approvalNode(group.approval)] : []),
		],
	);
}

/** The children of `<group>` and of the notification that say whether admins decide on who may join. */
export function approvalNode(on: boolean): Stanza {
	return node('membership_approval_mode', {}, [node('group_join', { state: on ? 'on' : 'off' })]);
}

/** What became of one participant of a request. */
export function resultNode({ jid, account, code, invite, requested }: ParticipantResult): Stanza {
	const content = [
		...(invite ? [node('add_request', { code: invite.code, expiration: seconds(invite.expiresAtMs) })] : []),
		...(requested ? [node('membership_approval_request')] : []),
	];
	return node(
		'participant',
		{
			jid,
			phone_number: account && jid.endsWith('@lid') ? pnJid(account.phone) : undefined,
			error: code === 200 ? undefined : String(code),
		},
		content.length > 0 ? content : undefined,
	);
}

/** A participant in a notification. */
export function memberNode(group: Group, account: Account, role?: string): Stanza {
	const type = role === undefined || role === 'member' ? undefined : role;
	return node('participant', { ...personIn(group, account).asChild, type });
}

function participantNode(network: Network, group: Group, { lid, role }: Participant): Stanza {
	const address = addressOf(network, group, lid);
	return node('participant', { ...address?.asChild, type: role === 'member' ? undefined : role });
}

function addressOf(network: Network, group: Group, lid: string) {
	const account = accountByLid(network, lid);
	return account && personIn(group, account);
}

function pnOfLid(network: Network, lid: string): string | undefined {
	const account = accountByLid(network, lid);
	return account && pnJid(account.phone);
}
