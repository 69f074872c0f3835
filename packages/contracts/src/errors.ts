import { z } from 'zod';

/**
 * The closed table of error codes. `http` is the status at the public door; `retry` tells whether the same request can
 * succeed later without anybody changing anything. No other code crosses a boundary.
 */
export const errorTable = {
	invalid_input: { http: 400, retry: false },
	unauthenticated: { http: 401, retry: false },
	forbidden: { http: 403, retry: false },
	confirmation_needed: { http: 403, retry: false },
	session_not_fresh: { http: 403, retry: false },
	not_group_admin: { http: 403, retry: false },
	not_group_member: { http: 403, retry: false },
	route_not_found: { http: 404, retry: false },
	group_not_starred: { http: 404, retry: false },
	group_not_found: { http: 404, retry: false },
	message_not_found: { http: 404, retry: false },
	token_not_found: { http: 404, retry: false },
	webhook_not_found: { http: 404, retry: false },
	delivery_not_found: { http: 404, retry: false },
	webhook_not_active: { http: 409, retry: false },
	method_not_allowed: { http: 405, retry: false },
	not_acceptable: { http: 406, retry: false },
	already_linked: { http: 409, retry: false },
	device_not_linked: { http: 409, retry: false },
	idempotency_conflict: { http: 409, retry: false },
	payload_too_large: { http: 413, retry: false },
	unsupported_media_type: { http: 415, retry: false },
	rate_limited: { http: 429, retry: true },
	whatsapp_rate_limited: { http: 429, retry: true },
	internal: { http: 500, retry: false },
	whatsapp_refused: { http: 502, retry: false },
	device_offline: { http: 503, retry: true },
	unavailable: { http: 503, retry: true },
	timeout: { http: 504, retry: true },
	outcome_unknown: { http: 504, retry: false },
} as const satisfies Record<string, { http: number; retry: boolean }>;

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
