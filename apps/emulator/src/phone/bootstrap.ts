import { chatModificationToAppPatch, proto } from '@whiskeysockets/baileys';
import { collectionOf } from '../actions/app-state.ts';
import { deviceOf } from '../network/accounts.ts';
import { changeSetting, keyShare } from './app-state.ts';
import { chatHistory, historyMessage, pushNames } from './history.ts';
import { tellCompanion } from './peer.ts';
import type { Phone } from './phone.ts';

const { HistorySyncType } = proto.HistorySync;
/** So many messages of each chat come at once, and so many with the rest. */
const FIRST_MESSAGES = 20;
const RECENT_MESSAGES = 200;

/**
 * What the phone sends a device it has just linked, in this order: the key of the app state, the chats with their newest
 * messages, the names of people, older messages. A client that has never had a history holds its events back for up to 20
 * seconds after its first login, waiting for exactly this; it has to arrive after the end of the offline queue. With the first
 * part of it the client fetches the app state, for which it needs the key.
 */
export async function welcome(phone: Phone, deviceId: number): Promise<void> {
	const { account } = phone.endpoint;
	const device = deviceOf(account, deviceId);
	if (!device || device.welcomed) return;
	await setUpAppState(phone);
	await tellCompanion(phone, deviceId, {
		protocolMessage: {
			type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE,
			appStateSyncKeyShare: keyShare(phone),
		},
	});
	const older = { from: FIRST_MESSAGES, to: FIRST_MESSAGES + RECENT_MESSAGES };
	const parts = [
		chatHistory(phone, HistorySyncType.INITIAL_BOOTSTRAP, { from: 0, to: FIRST_MESSAGES }),
		pushNames(phone),
		chatHistory(phone, HistorySyncType.RECENT, older),
	];
	for (const [index, part] of parts.entries()) {
		await tellCompanion(phone, deviceId, historyMessage({ ...part, chunkOrder: index + 1 }));
	}
	device.welcomed = true;
}

/** The first device that is linked makes the phone write down its name, which all devices then learn. */
async function setUpAppState(phone: Phone): Promise<void> {
	const { account } = phone.endpoint;
	if (collectionOf(account, 'critical_block').version > 0) return;
	await changeSetting(phone, chatModificationToAppPatch({ pushNameSetting: account.pushName }, ''));
}
