import { createVault } from '@chat-manager/backend';
import { createKeyring, openDatabase } from '@chat-manager/database';
import type { System } from '@chat-manager/dev-env';
import { createEnvelope, MasterKeys, openEventContent } from '@chat-manager/service';
import { createContents } from '@chat-manager/storage/contents';
import { createDigests } from '@chat-manager/storage/digests';
import type { EventWriter } from './event-writer.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const messages = 10_000;

/** What it takes to open the content of an event, to seal it for its row and to digest its words: CPU time for one, in µs. */
export async function sealingUs(system: System, writer: EventWriter): Promise<number> {
	const url = system.databaseUrl('storage');
	await using database = openDatabase({ url, schema: 'chat', logger: silent, applicationName: 'bench' });
	const masterKeys = MasterKeys.parse(`k1:${system.secrets.services.storage?.masterKey}`);
	const envelope = createEnvelope({ masterKeys });
	const keyring = createKeyring({ db: database.db, envelope, service: 'storage' });
	const contents = createContents(createVault({ service: 'storage', envelope, keyring }));
	const digests = createDigests(keyring);

	async function sealAll(count: number): Promise<number> {
		const events = writer.messages(count);
		const before = process.cpuUsage();
		for (const { id, userId, groupJid, data } of events) {
			const key = writer.keyOf(userId);
			if (key === undefined || data.content === null || groupJid === undefined) throw new Error('Not sealed');
			const content = openEventContent(key, id, data.content);
			const { messageId, sender } = data;
			const identity = { userId, jid: groupJid, authorJid: sender.jid, messageId };
			await contents.seal(identity, content);
			await digests.ofContent(identity, content);
		}
		const { user, system: kernel } = process.cpuUsage(before);
		return (user + kernel) / count;
	}
	await sealAll(messages);
	return await sealAll(messages);
}
