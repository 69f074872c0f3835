import { createKeyring } from '@chat-manager/database';
import type { System } from '@chat-manager/dev-env';
import { createEnvelope, MasterKeys } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Tables } from '../../src/database/tables.ts';

/** Every private key and shared secret that the connector keeps of a user, opened as it opens them. */
export async function readSecrets(
	system: Pick<System, 'secrets'>,
	db: Kysely<Tables>,
	userId: string,
): Promise<Buffer[]> {
	const service = 'connector';
	const masterKeys = MasterKeys.parse(`k1:${system.secrets.services[service]?.masterKey}`);
	const envelope = createEnvelope({ masterKeys });
	const key = await createKeyring({ db: db as never, envelope, service }).get(userId);
	const open = (row: string, sealed: Buffer) => envelope.open(key, sealed, `${service}/${userId}/${row}`);
	const [credentials, keys, eventKeys] = await Promise.all([
		db.selectFrom('credentials').selectAll().where('user_id', '=', userId).execute(),
		db.selectFrom('signal_keys').selectAll().where('user_id', '=', userId).execute(),
		db.selectFrom('event_keys').selectAll().where('user_id', '=', userId).execute(),
	]);
	const found: Buffer[] = eventKeys.map(({ key_id, value }) => open(`event_keys/${key_id}`, value));
	for (const { value } of credentials) found.push(...secretsIn(open('credentials', value)));
	for (const { kind, id, value } of keys) found.push(...secretsIn(open(`signal_keys/${kind}/${id}`, value)));
	return found;
}

/** How a value can stand in a log: base64, hex, and as Node prints or serializes a buffer. */
export function formsOf(secret: Buffer): string[] {
	const hex = secret.toString('hex');
	const start = [...secret.subarray(0, 12)];
	return [
		secret.toString('base64').replace(/=+$/, ''),
		secret.toString('base64url'),
		hex,
		hex.slice(0, 32).replace(/(..)(?=.)/g, '$1 '),
		start.join(','),
		start.join(', '),
	];
}

const secretName = /priv|secret|root|chainKey|seed|^key$|keyData/i;

/** All values of 16 bytes and more that stand below a name of a secret thing. */
function secretsIn(json: Buffer): Buffer[] {
	const found: Buffer[] = [];
	const collect = (value: unknown, isSecret: boolean): void => {
		if (typeof value === 'string' && isSecret) {
			const bytes = Buffer.from(value, 'base64');
			if (bytes.length >= 16) found.push(bytes);
		} else if (Array.isArray(value)) for (const item of value) collect(item, isSecret);
		else if (value !== null && typeof value === 'object')
			for (const [name, item] of Object.entries(value))
				collect(item, !/^pub/i.test(name) && (isSecret || secretName.test(name)));
	};
	collect(JSON.parse(json.toString()), false);
	return found;
}
