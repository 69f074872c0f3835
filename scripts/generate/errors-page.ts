import { errorTable } from '@chat-manager/contracts';

/** The reference of every error code, made from the closed table. */
export function errorsPage(): string {
	const sections = Object.entries(errorTable).map(
		([code, { http, retry, means }]) => `
## ${code}

HTTP ${http}. ${means} ${retry ? 'The same request can succeed later.' : 'The same request fails again until something changes.'}
`,
	);
	return `<!-- Made from the contract by npm run generate. -->

# Errors

\`/api\` answers \`{"error": {"code", "message", "retryAfterMs"}}\` under the status of the code; \`/mcp\` puts code and message into a
tool result, or into a JSON-RPC error where no tool was reached. The message is a sentence for people and says what to do; programs
look at the code. Where it is known after what time a repeat can help, \`retryAfterMs\` and the header \`Retry-After\` say so.
${sections.join('')}`;
}
