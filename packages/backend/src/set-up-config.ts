import { type DatabaseService, serviceSchemas } from '@chat-manager/database';
import { defineConfig } from '@chat-manager/service';
import { z } from 'zod';

const Password = z
	.string()
	.regex(/^[ -~]+$/, 'must be printable ASCII')
	.meta({ secret: true, make: 'openssl rand -hex 32' });

const passwords = Object.fromEntries(
	Object.keys(serviceSchemas).map((service) => [
		`CM_DATABASE_PASSWORD_${service.toUpperCase()}`,
		Password.describe(`The password that the Postgres role of ${service} gets.`),
	]),
) as Record<`CM_DATABASE_PASSWORD_${Uppercase<DatabaseService>}`, typeof Password>;

/** The settings of the command that prepares Postgres. */
export const setUpConfig = defineConfig({
	ADMIN_DATABASE_URL: z
		.string()
		.meta({ secret: true, example: 'postgres://postgres:PASSWORD@postgres:5432/chat_manager' })
		.describe(
			"Chat Manager's own database in Postgres, with a role that may make roles and schemas. Nothing else uses it.",
		),
	...passwords,
});
