import pg from 'pg';
import { throwCertificateFault } from './certificate-fault.ts';
import { scramVerifier } from './scram-verifier.ts';

const { escapeIdentifier, escapeLiteral } = pg;

export type ServiceRole = {
	/** The schema that this service owns, and no other. */
	readonly schema: string;
	readonly role: string;
	/** Printable ASCII. */
	readonly password: string;
};

/**
 * Makes a role and a schema for each service, or brings them up to date: may be run again at every start, also by two
 * processes together. A role owns its schema and may not even look into another's, nor into `public`. A password that changed
 * in the settings is changed here. `adminUrl` is a superuser, or a role with CREATEROLE that owns the database.
 *
 * `public` is closed to everybody, so the database should be Chat Manager's own.
 */
export async function bootstrapDatabase(options: {
	adminUrl: string;
	services: readonly ServiceRole[];
}): Promise<void> {
	const client = new pg.Client({
		connectionString: options.adminUrl,
		application_name: 'chat-manager bootstrap',
	});
	await client.connect().catch(throwCertificateFault);
	try {
		// One transaction: the advisory lock goes with it, and a half-made set of roles does not stay.
		await client.query('begin');
		await client.query(`select pg_advisory_xact_lock(hashtextextended('chat-manager/bootstrap', 0))`);
		await client.query('revoke all on schema public from public');
		for (const service of options.services) await bootstrapService(client, service);
		await client.query('commit');
	} finally {
		await client.end();
	}
}

async function bootstrapService(client: pg.Client, { schema, role, password }: ServiceRole): Promise<void> {
	const roleName = escapeIdentifier(role);
	const schemaName = escapeIdentifier(schema);
	const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
	if (rows.length === 0) await client.query(`create role ${roleName}`);
	// The verifier instead of the password: Postgres logs the text of a statement that fails.
	await client.query(`alter role ${roleName} login password ${escapeLiteral(scramVerifier(password))}`);
	await client.query(`alter role ${roleName} set search_path = ${schemaName}`);
	await joinRole(client, roleName);
	await client.query(`create schema if not exists ${schemaName} authorization ${roleName}`);
	await client.query(`alter schema ${schemaName} owner to ${roleName}`);
	await client.query(`revoke all on schema ${schemaName} from public`);
}

/** An admin who is no superuser (managed Postgres) may give a schema only to a role that it is a member of. */
async function joinRole(client: pg.Client, roleName: string): Promise<void> {
	const { rows } = await client.query<{ rolsuper: boolean }>(
		'select rolsuper from pg_roles where rolname = current_user',
	);
	if (rows[0]?.rolsuper !== true) await client.query(`grant ${roleName} to current_user`);
}
