/** The programs that run. Each has a schema, a role and a NATS user of its own. */
export const programs = ['gateway', 'connector', 'storage', 'webhooks'] as const;
export type Program = (typeof programs)[number];
