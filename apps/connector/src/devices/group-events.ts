import { createHash } from 'node:crypto';
import type { BusEvent } from '@chat-manager/bus';
import type { GroupNotice } from '../whatsapp/group-notice.ts';

type GroupEvent =
	| BusEvent<'member.joined'>
	| BusEvent<'member.left'>
	| BusEvent<'member.promoted'>
	| BusEvent<'member.demoted'>
	| BusEvent<'group.created'>
	| BusEvent<'group.updated'>;

/** The events that follow from a notice: one for each person whom it concerns. Their ids are those of the notice. */
export function groupEvents(userId: string, notice: GroupNotice): GroupEvent[] {
	const { chatJid, at, authorJid, change } = notice;
	const head = (subject: string) => ({
		id: createHash('sha256')
			.update([userId, chatJid, notice.id, change.kind, subject].join('\n'))
			.digest('base64url'),
		at: new Date(at).toISOString(),
		userId,
		groupJid: chatJid,
	});
	switch (change.kind) {
		case 'renamed':
			return [{ ...head(''), type: 'group.updated', data: { name: change.name } }];
		case 'described':
			return [{ ...head(''), type: 'group.updated', data: { description: change.description } }];
		case 'created': {
			const { name, participantCount } = change;
			return [{ ...head(''), type: 'group.created', data: { name, by: authorJid, participantCount } }];
		}
		case 'promoted':
		case 'demoted': {
			const type = change.kind === 'promoted' ? 'member.promoted' : 'member.demoted';
			return change.members.map((member) => ({
				...head(member.jid),
				type,
				data: { member: { ...member, name: null }, by: authorJid },
			}));
		}
		default: {
			const type = change.kind === 'joined' ? 'member.joined' : 'member.left';
			return change.members.map((member) => ({
				...head(member.jid),
				type,
				data: { member: { ...member, name: null }, by: authorJid, how: change.how },
			}));
		}
	}
}
