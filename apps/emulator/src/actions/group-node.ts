import { lidJid, pnJid } from '../binary/jid.ts';
import { node, type Stanza } from '../binary/node.ts';
import { accountByLid } from '../network/accounts.ts';
import { seconds } from '../network/context.ts';
import type { ParticipantResult } from '../network/groups.ts';
import type { Account, Group, Network, Participant } from '../network/state.ts';

/**
 * A group as clients read it: `<group>` with its participants. Groups are addressed by hidden id ("lid"), so a participant's
 * address is the LID and the number stands beside it. `failed` participants of a creation are listed with their error, as
 * WhatsApp does.
 */
export function groupNode(network: Network, group: Group, failed: readonly ParticipantResult[] = []): Stanza {
	const { description } = group;
	return node(
		'group',
		{
			id: group.id,
			subject: group.subject,
			s_t: seconds(group.subjectAtMs),
			s_o: lidJid(group.subjectOwner),
			s_o_pn: pnOfLid(network, group.subjectOwner),
			creator: lidJid(group.creator),
			creator_pn: pnOfLid(network, group.creator),
			creation: seconds(group.createdAtMs),
			size: String(group.participants.length),
			addressing_mode: 'lid',
		},
		[
			...group.participants.map((participant) => participantNode(network, participant)),
			...failed.map(resultNode),
			...(description
				? [
						node(
							'description',
							{
								id: description.id,
								participant: lidJid(description.owner),
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
		],
	);
}

/** What became of one participant of a request. */
export function resultNode({ jid, account, code }: ParticipantResult): Stanza {
	return node('participant', {
		jid,
		phone_number: account && jid.endsWith('@lid') ? pnJid(account.phone) : undefined,
		error: code === 200 ? undefined : String(code),
	});
}

/** A participant in a notification. */
export function memberNode(account: Account, role?: string): Stanza {
	const type = role === undefined || role === 'member' ? undefined : role;
	return node('participant', { jid: lidJid(account.lid), phone_number: pnJid(account.phone), type });
}

function participantNode(network: Network, { lid, role }: Participant): Stanza {
	return node('participant', {
		jid: lidJid(lid),
		phone_number: pnOfLid(network, lid),
		type: role === 'member' ? undefined : role,
	});
}

function pnOfLid(network: Network, lid: string): string | undefined {
	const account = accountByLid(network, lid);
	return account && pnJid(account.phone);
}
