import { type GroupMetadata, WAMessageAddressingMode } from '@whiskeysockets/baileys';
import type { Group } from './group-node.ts';

/**
 * A recorded group as Baileys wants it for sending. It decides who gets the keys and as whom we write: members are named as
 * the group addresses them, by hidden id, or in groups of the older kind by phone.
 */
export function toGroupMetadata(group: Group): GroupMetadata {
	const byLid = group.addressing === 'lid';
	return {
		id: group.jid,
		subject: group.name,
		owner: group.owner ?? undefined,
		addressingMode: byLid ? WAMessageAddressingMode.LID : WAMessageAddressingMode.PN,
		announce: group.adminsOnly.write,
		ephemeralDuration: group.ephemeralSeconds,
		participants: group.members.map(({ jid, phone }) => ({
			id: byLid || phone === null ? jid : `${phone.slice(1)}@s.whatsapp.net`,
		})),
	};
}
