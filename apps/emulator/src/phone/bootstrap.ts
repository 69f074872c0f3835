import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import { membersOf } from '../actions/group-notices.ts';
import { takeBundle } from '../actions/key-bundles.ts';
import { groupJid, lidJid, pnJid } from '../binary/jid.ts';
import { node } from '../binary/node.ts';
import { deviceOf, lidOf, pnOf } from '../network/accounts.ts';
import { newStanzaId } from '../network/context.ts';
import { groupsOf } from '../network/groups.ts';
import { relayMessage } from '../stanzas/message.ts';
import type { Phone } from './phone.ts';

/**
 * What the phone sends a device it has just linked: the initial history, here the account's groups and the hidden ids of
 * their members. A client that has never had one holds its events back for up to 20 seconds after its first login, waiting
 * for exactly this; it has to arrive after the end of the offline queue.
 */
export async function welcome(phone: Phone, deviceId: number): Promise<void> {
	const { account } = phone.endpoint;
	const device = deviceOf(account, deviceId);
	if (!device || device.welcomed) return;
	const companion = { account, deviceId };
	const history: proto.IMessage = {
		protocolMessage: {
			type: proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
			historySyncNotification: {
				syncType: proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP,
				chunkOrder: 1,
				progress: 100,
				initialHistBootstrapInlinePayload: deflateSync(proto.HistorySync.encode(historyOf(phone)).finish()),
			},
		},
	};
	const bundle = () => takeBundle(phone.ctx, companion);
	const { type, ciphertext } = await phone.signal.encrypt(lidOf(companion), history, bundle);
	const attrs = { id: newStanzaId(), to: pnOf(companion), type: 'text', category: 'peer' };
	relayMessage(
		phone.ctx,
		phone.endpoint,
		node('message', attrs, [node('enc', { v: '2', type }, ciphertext)]),
	);
	device.welcomed = true;
}

function historyOf({ ctx, endpoint }: Phone): proto.IHistorySync {
	const groups = groupsOf(ctx.network, endpoint.account);
	const people = new Set([endpoint.account, ...groups.flatMap((group) => membersOf(ctx, group))]);
	return {
		syncType: proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP,
		progress: 100,
		conversations: groups.map(({ id, subject }) => ({ id: groupJid(id), name: subject })),
		phoneNumberToLidMappings: [...people].map(({ phone, lid }) => ({
			pnJid: pnJid(phone),
			lidJid: lidJid(lid),
		})),
	};
}
