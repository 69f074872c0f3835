import { migrations as connector } from '@chat-manager/connector/migrations';
import { type DatabaseService, type Migrations, serviceSchemas } from '@chat-manager/database';
import { migrations as gateway } from '@chat-manager/gateway/migrations';
import { migrations as storage } from '@chat-manager/storage/migrations';
import { migrations as webhooks } from '@chat-manager/webhooks/migrations';

/** What is backed up: the schemas of the services, each with the migrations that make its tables. */
export const migrationsOf: Readonly<Record<DatabaseService, Migrations>> = {
	gateway,
	connector,
	storage,
	webhooks,
};

export const services = Object.keys(serviceSchemas) as DatabaseService[];
