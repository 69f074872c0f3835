import { z } from 'zod';

/**
 * The closed table of error codes. `http` is the status at the public door; `retry` tells whether the same request can
 * succeed later without anybody changing anything; `means` is for the documentation. No other code crosses a boundary.
 */
export const errorTable = {
	invalid_input: {
		http: 400,
		retry: false,
		means: 'The arguments, or the body around them, are not what was asked for; each fault is named.',
	},
	unauthenticated: {
		http: 401,
		retry: false,
		means: 'There is no session or access token, or it is not valid (any more).',
	},
	forbidden: {
		http: 403,
		retry: false,
		means: 'The access token, or the place that is asked from, may not do this.',
	},
	confirmation_needed: {
		http: 403,
		retry: false,
		means: 'A person has to confirm this first, and nobody could be asked.',
	},
	session_not_fresh: {
		http: 403,
		retry: false,
		means: 'The sign-in is too long ago for this: confirm who you are, then try again.',
	},
	not_group_admin: {
		http: 403,
		retry: false,
		means: 'Only admins of the group may do this, and the linked account is not one.',
	},
	not_group_member: {
		http: 403,
		retry: false,
		means: 'The linked account is not in the group (any more).',
	},
	route_not_found: {
		http: 404,
		retry: false,
		means: 'There is nothing at this address.',
	},
	group_not_starred: {
		http: 404,
		retry: false,
		means: 'The group is not among the starred ones, or there is no such group.',
	},
	group_not_found: {
		http: 404,
		retry: false,
		means: 'WhatsApp knows no such group of the linked account.',
	},
	message_not_found: {
		http: 404,
		retry: false,
		means: 'No stored message of the group has this id.',
	},
	token_not_found: {
		http: 404,
		retry: false,
		means: 'There is no such access token.',
	},
	webhook_not_found: {
		http: 404,
		retry: false,
		means: 'There is no such webhook.',
	},
	delivery_not_found: {
		http: 404,
		retry: false,
		means: 'There is no such delivery, or it is past the 30 days.',
	},
	webhook_not_active: {
		http: 409,
		retry: false,
		means: 'The webhook is disabled: resume it first.',
	},
	method_not_allowed: {
		http: 405,
		retry: false,
		means: 'The address takes another HTTP method, which the header Allow names.',
	},
	not_acceptable: {
		http: 406,
		retry: false,
		means: 'The client accepts no form in which there is an answer.',
	},
	already_linked: {
		http: 409,
		retry: false,
		means: 'A device is linked already: unlink it first.',
	},
	device_not_linked: {
		http: 409,
		retry: false,
		means: 'No WhatsApp device is linked.',
	},
	idempotency_conflict: {
		http: 409,
		retry: false,
		means: 'The idempotencyKey was used before with other arguments.',
	},
	payload_too_large: {
		http: 413,
		retry: false,
		means: 'The body is larger than what is taken.',
	},
	unsupported_media_type: {
		http: 415,
		retry: false,
		means: 'The body is not JSON, or not in UTF-8.',
	},
	rate_limited: {
		http: 429,
		retry: true,
		means: 'Too many calls with this access token, or from this address: wait as long as it says.',
	},
	whatsapp_rate_limited: {
		http: 429,
		retry: true,
		means: 'WhatsApp asks this account to slow down: nothing was done, and trying earlier makes it longer.',
	},
	internal: {
		http: 500,
		retry: false,
		means: 'A mistake of ours. It is in the log.',
	},
	whatsapp_refused: {
		http: 502,
		retry: false,
		means: 'WhatsApp refused it, and nothing was changed.',
	},
	device_offline: {
		http: 503,
		retry: true,
		means: 'The linked device is not connected at the moment. What is stored can be read.',
	},
	unavailable: {
		http: 503,
		retry: true,
		means: 'A part of the system is away for a moment.',
	},
	timeout: {
		http: 504,
		retry: true,
		means: 'No answer came in time. Doing it again is safe: twice is the same as once.',
	},
	outcome_unknown: {
		http: 504,
		retry: false,
		means:
			'It may or may not have been done: look before repeating it, or repeat it with the same idempotencyKey.',
	},
} as const satisfies Record<string, { http: number; retry: boolean; means: string }>;

export type ErrorCode = keyof typeof errorTable;

/** The error as it crosses a boundary: our own words only. */
export const ErrorBody = z.object({
	code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]),
	message: z.string(),
	retryAfterMs: z.number().int().nonnegative().optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/**
 * The one error class. `message` is our own sentence, safe to show to a person or a model, and says what to do next;
 * foreign text belongs into `cause`, which is logged and never sent.
 */
export class AppError extends Error {
	override readonly name = 'AppError';
	readonly code: ErrorCode;
	/** After how many milliseconds a repeat may succeed, where that is known. */
	readonly retryAfterMs: number | undefined;

	constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
		super(message, options.cause === undefined ? {} : { cause: options.cause });
		this.code = code;
		this.retryAfterMs = options.retryAfterMs;
	}

	get http(): number {
		return errorTable[this.code].http;
	}

	toBody(): ErrorBody {
		return {
			code: this.code,
			message: this.message,
			...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
		};
	}
}

/** The one funnel: whatever was thrown becomes an `AppError`; an unknown error leaves with no text of its own. */
export function toAppError(thrown: unknown): AppError {
	if (thrown instanceof AppError) return thrown;
	if (thrown instanceof z.ZodError)
		return new AppError('invalid_input', describeFaults(thrown), { cause: thrown });
	return new AppError('internal', 'Something went wrong on our side. It has been logged; please try again.', {
		cause: thrown,
	});
}

/** All faults of a value in one sentence each: which field, what is wrong. Never echoes the value. */
export function describeFaults(error: z.ZodError): string {
	const faults = error.issues.slice(0, 8).map((issue) => {
		const field = issue.path.join('.');
		return field === '' ? issue.message : `${field}: ${issue.message}`;
	});
	const more = error.issues.length - faults.length;
	return `${faults.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}
