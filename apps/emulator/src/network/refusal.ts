/** What the server says when it refuses a request: the codes and texts of WhatsApp's `<error>`. */
const TEXTS = {
	400: 'bad-request',
	401: 'not-authorized',
	403: 'forbidden',
	404: 'item-not-found',
	406: 'not-acceptable',
	409: 'conflict',
	410: 'gone',
	419: 'resource-limit',
	500: 'internal-server-error',
} as const;

export type RefusalCode = keyof typeof TEXTS;

/** A request that is understood and not granted. The client gets an error and keeps its connection. */
export class Refusal extends Error {
	readonly code: RefusalCode;

	constructor(code: RefusalCode, reason: string) {
		super(reason);
		this.code = code;
	}

	get text(): string {
		return TEXTS[this.code];
	}
}
