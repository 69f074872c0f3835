/** What the server says when it refuses a request: the codes and texts of WhatsApp's `<error>`. */
const TEXTS = {
	400: 'bad-request',
	401: 'not-authorized',
	403: 'forbidden',
	404: 'item-not-found',
	405: 'not-allowed',
	406: 'not-acceptable',
	408: 'request-timeout',
	409: 'conflict',
	410: 'gone',
	419: 'resource-limit',
	429: 'rate-overlimit',
	500: 'internal-server-error',
	503: 'service-unavailable',
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

/** The text that goes with a code, also with one that the server never uses of its own accord. */
export function refusalText(code: number): string {
	return Object.entries(TEXTS).find(([known]) => Number(known) === code)?.[1] ?? 'error';
}
