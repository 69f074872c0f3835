import type { AppError, ErrorCode, Tool } from '@chat-manager/contracts';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { adviceFor, inWords, outcomeAdvice } from './advice.ts';
import { fence } from './text/fence.ts';
import { render } from './text/render.ts';

/** What the sentences of a result are made with. */
export type Voice = {
	/** Where a person makes tokens and sees their device. */
	readonly pages: { readonly tokens: string; readonly device: string };
	/** Whether the caller may use a tool. */
	mayCall(tool: string): boolean;
	now(): number;
};

/** The answer of a tool: the values for programs, and the same as short text for the model; notes are our own words. */
export function toToolResult(
	tool: Tool,
	output: Record<string, unknown>,
	notes: readonly string[],
	voice: Voice,
): CallToolResult {
	const text = render(output);
	const told = [...notes, ...adviceOnOutcomes(output, voice)];
	const body = tool.entry.operation.tool?.quotesMembers === true ? fence(text) : text;
	return {
		content: [{ type: 'text', text: [body, ...told].join('\n') }],
		structuredContent: output,
	};
}

/** A failure that the model may be able to mend: what failed, why, and what to do next; the code for programs. */
export function toToolFailure(tool: Tool, error: AppError, voice: Voice): CallToolResult {
	const { code, message, retryAfterMs } = error.toBody();
	const next = inWords(adviceFor(code, tool, voice.pages), voice.mayCall);
	return {
		content: [
			{
				type: 'text',
				text: `${code}: ${tool.name} ${whatBecame(code)}. ${message}${whenAgain(retryAfterMs, voice)} Next: ${next}`,
			},
		],
		isError: true,
		_meta: { 'chat-manager/error': { code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } },
	};
}

/** Only where it is certain that nothing happened is that said. */
function whatBecame(code: ErrorCode): string {
	return code === 'outcome_unknown' ? 'may or may not have been done' : 'failed';
}

function whenAgain(retryAfterMs: number | undefined, { now }: Voice): string {
	if (retryAfterMs === undefined) return '';
	const seconds = Math.ceil(retryAfterMs / 1000);
	const until = new Date(now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
	return ` Retry after ${seconds} second${seconds === 1 ? '' : 's'}, at ${until}.`;
}

/** Some people of a call may need another step than others. */
function adviceOnOutcomes(output: Record<string, unknown>, { mayCall }: Voice): string[] {
	const outcomes = new Set(
		Object.values(output)
			.filter(Array.isArray)
			.flat()
			.map((item: unknown) =>
				typeof item === 'object' && item !== null && 'outcome' in item ? String(item.outcome) : '',
			),
	);
	return Object.entries(outcomeAdvice).flatMap(([outcome, advice]) =>
		outcomes.has(outcome) ? [`${outcome}: ${inWords(advice, mayCall).replace(`${outcome}: `, '')}`] : [],
	);
}
