/** What this package needs of a logger; the one of `@chat-manager/service` fits. */
export type Log = {
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
};
