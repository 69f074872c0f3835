import { linkTables } from './database/devices.ts';

/**
 * What becomes of devices when the schema of the connectors is put back to an earlier moment.
 *
 * The keys of a device move on with every message. Put back, a device would encrypt with keys that it has used already, which
 * gives away what they protected and which the others drop as repeats; and what was encrypted for its newer keys it could not
 * read. So the links end, as if WhatsApp no longer knew them: people link their devices again, and are told so. What was
 * stored, starred and said stays theirs. The connectors tell subscribers of it when they start (`announced` is left as it was),
 * from the moment of the backup on.
 */
/** Statements for the connectors' schema, of which `$1` is the moment of the backup; for no one user. */
export const endLinks: readonly { text: string; takesMoment: boolean }[] = [
	...linkTables.map((table) => ({ text: `delete from ${table}`, takesMoment: false })),
	{
		text: `update devices set
				state = 'logged_out', reason = 'link_void', wanted = false, owner = null, epoch = epoch + 1,
				phone = null, retry_at = null, qr = null, qr_expires_at = null, code = null, code_expires_at = null,
				updated_at = $1
			where wanted`,
		takesMoment: true,
	},
];

/** The leases of connectors that are no more; for devices that go on where they were. */
export const freeLeases = 'update devices set owner = null, epoch = epoch + 1 where owner is not null';
