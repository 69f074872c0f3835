import {
	type AuthenticationCreds,
	jidDecode,
	type SignalKeyStoreWithTransaction,
} from '@whiskeysockets/baileys';

type Keys = { creds: AuthenticationCreds; keys: SignalKeyStoreWithTransaction };

/**
 * Makes the next message to a group go out under a new key, which is handed to those who are members then. Whoever has left
 * knows the present one; WhatsApp's own clients change it, Baileys never does. In the transaction of Baileys' relay, so that
 * a message that is being sent is all under one key.
 */
export async function renewGroupKey({ creds, keys }: Keys, groupJid: string): Promise<void> {
	const { me } = creds;
	if (me === undefined) return;
	const names = [me.id, me.lid].flatMap((jid) => keyName(groupJid, jid) ?? []);
	await keys.transaction(async () => {
		await keys.set({
			'sender-key': Object.fromEntries(names.map((name) => [name, null])),
			'sender-key-memory': { [groupJid]: null },
		});
	}, me.id);
}

/** How libsignal files a sender key: hidden ids have the number of their domain in it. */
function keyName(groupJid: string, jid: string | undefined): string | undefined {
	const decoded = jidDecode(jid);
	if (decoded === undefined) return undefined;
	const { user, device, server } = decoded;
	return `${groupJid}::${server === 'lid' ? `${user}_1` : user}::${device ?? 0}`;
}
