import { z } from 'zod';
import { operation } from '../operation.ts';

/** Answered by the gateway itself. */
export const installation = {
	get: operation({
		summary: 'Where this installation is reached, and whether it offers a simulated phone to try it with.',
		scope: 'account:write',
		input: z.strictObject({}),
		output: z.object({
			mcpUrl: z.url().meta({ description: 'Where MCP clients connect' }),
			simulatedPhoneUrl: z.url().nullable().meta({
				description:
					'The page of the simulated phones; its fragment takes qr, the text of a QR code to scan. Null where none run',
			}),
		}),
		example: {
			input: {},
			output: { mcpUrl: 'https://chat.example.com/mcp', simulatedPhoneUrl: null },
		},
		errors: [],
		timeoutMs: 5_000,
		idempotent: true,
	}),
};
