import { bootstrapDatabase, roleOf, serviceSchemas } from '@chat-manager/database';
import { run } from '@chat-manager/service';
import { setUpConfig } from './set-up-config.ts';

/**
 * A command, not a service (`npm run set-up-database`): makes a Postgres role and a schema for each service, or brings them up
 * to date, passwords included. Before the first start, and whenever a password changed; it may always be run again.
 */
await run({
	name: 'set-up-database',
	config: setUpConfig,
	async createApp(settings, { logger }) {
		const passwords: Readonly<Record<string, unknown>> = settings;
		const services = Object.entries(serviceSchemas).map(([service, schema]) => ({
			schema,
			role: roleOf(service as keyof typeof serviceSchemas),
			password: String(passwords[`CM_DATABASE_PASSWORD_${service.toUpperCase()}`]),
		}));
		await bootstrapDatabase({ adminUrl: settings.ADMIN_DATABASE_URL, services });
		logger.info({ roles: services.map(({ role }) => role) }, 'roles and schemas are there');
		process.exit(0);
	},
});
