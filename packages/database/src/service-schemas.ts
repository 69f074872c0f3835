/** Services with a schema of their own → that schema. */
export const serviceSchemas = {
	gateway: 'identity',
	connector: 'devices',
	storage: 'chat',
	webhooks: 'webhooks',
} as const;
export type DatabaseService = keyof typeof serviceSchemas;

/** The Postgres role of a service. */
export function roleOf(service: DatabaseService): string {
	return `cm_${service}`;
}
