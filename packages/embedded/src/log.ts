/** What is needed of a logger; the one of `@chat-manager/service` fits. */
export type Log = {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
};
