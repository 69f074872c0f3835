import { z } from 'zod';
import { Refusal } from '../network/refusal.ts';

/** The one place that turns an error into an HTTP answer. Only our own sentences leave; everything else is logged. */
export function toAnswer(error: unknown): { status: number; message: string } {
	if (error instanceof z.ZodError) return { status: 400, message: sentence(error) };
	if (error instanceof Refusal)
		return { status: error.code === 419 ? 409 : error.code, message: error.message };
	const status = clientFault(error);
	if (status === 413) return { status, message: 'The body is larger than 1 MiB.' };
	if (status !== undefined)
		return { status: 400, message: 'The body or the path of the request is malformed.' };
	return { status: 500, message: 'The emulator failed. Its log says why.' };
}

function sentence(error: z.ZodError): string {
	const [issue] = error.issues;
	const place = issue?.path.join('.');
	return place ? `${place}: ${issue?.message}` : (issue?.message ?? 'The input is wrong.');
}

/** Express' own complaints about a request carry a status below 500. */
function clientFault(error: unknown): number | undefined {
	if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
	return error.status < 500 ? error.status : undefined;
}
