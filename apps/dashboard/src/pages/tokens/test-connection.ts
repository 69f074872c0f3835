import { contract } from '@chat-manager/contracts';
import { z } from 'zod';
import { ask } from '../../api/ask.ts';

/**
 * What a client does at first, one step after the other, from this browser: each step ends with a fact, or with what is wrong;
 * what comes after a step that failed is not tried.
 */
export const connectionSteps = ['address', 'token', 'protocol', 'tools', 'call'] as const;
export type ConnectionStep = (typeof connectionSteps)[number];

/** Why a step failed: ours to put into words, or a sentence of the server. */
export type Fault =
	| { readonly reason: 'elsewhere'; readonly here: string; readonly there: string }
	| { readonly reason: 'unreachable' | 'not_ours' | 'no_protocol' | 'no_tools' }
	| { readonly reason: 'said'; readonly sentence: string };

export type StepOutcome =
	| { readonly ok: true; readonly fact: string | number | null }
	| { readonly ok: false; readonly fault: Fault };

class StepFault extends Error {
	readonly fault: Fault;
	constructor(fault: Fault) {
		super(fault.reason);
		this.fault = fault;
	}
}

/** `token`: null makes one for the test, which may only read, and revokes it after it. */
export async function testConnection(
	mcpUrl: string,
	token: string | null,
	tell: (step: ConnectionStep, outcome: StepOutcome) => void,
): Promise<void> {
	const made = token === null ? await makeToken() : undefined;
	try {
		const steps = createSteps(mcpUrl, token ?? made?.token ?? '');
		for (const step of connectionSteps) {
			try {
				tell(step, { ok: true, fact: await steps[step]() });
			} catch (error) {
				if (!(error instanceof StepFault)) throw error;
				return tell(step, { ok: false, fault: error.fault });
			}
		}
	} finally {
		if (made !== undefined) await ask(contract.gateway.tokens.revoke, { id: made.id });
	}
}

const madeForMs = 300_000;

function makeToken() {
	const expiresAt = new Date(Date.now() + madeForMs).toISOString();
	return ask(contract.gateway.tokens.create, { name: 'Connection test', readOnly: true, expiresAt });
}

const Health = z.object({ status: z.string() });
const Initialized = z.object({ protocolVersion: z.string(), serverInfo: z.object({ name: z.string() }) });
const Listed = z.object({
	tools: z.array(
		z.object({
			name: z.string(),
			annotations: z.object({ readOnlyHint: z.boolean() }),
			inputSchema: z.object({ required: z.array(z.string()).default([]) }),
		}),
	),
});
const Called = z.object({
	isError: z.boolean().optional(),
	content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
});
const Reply = z.object({
	result: z.unknown().optional(),
	error: z.object({ message: z.string() }).optional(),
});

function createSteps(
	mcpUrl: string,
	token: string,
): Record<ConnectionStep, () => Promise<string | number | null>> {
	let initialized: unknown;
	let listed: z.output<typeof Listed>['tools'] = [];
	const rpc = (method: string, params: object) => postRpc(mcpUrl, token, method, params);
	return {
		async address() {
			const there = new URL(mcpUrl).origin;
			if (there !== location.origin)
				throw new StepFault({ reason: 'elsewhere', here: location.origin, there });
			const response = await reachOrFail(`${there}/healthz`, {});
			if (!Health.safeParse(await response.json().catch(() => undefined)).success)
				throw new StepFault({ reason: 'not_ours' });
			return mcpUrl;
		},
		async token() {
			const clientInfo = { name: 'dashboard', version: '1' };
			initialized = await rpc('initialize', {
				protocolVersion: '2025-11-25',
				capabilities: {},
				clientInfo,
			});
			return null;
		},
		async protocol() {
			const answer = Initialized.safeParse(initialized);
			if (!answer.success) throw new StepFault({ reason: 'no_protocol' });
			return answer.data.protocolVersion;
		},
		async tools() {
			const answer = Listed.safeParse(await rpc('tools/list', {}));
			if (!answer.success || answer.data.tools.length === 0) throw new StepFault({ reason: 'no_tools' });
			listed = answer.data.tools;
			return listed.length;
		},
		async call() {
			const tool = listed.find(
				({ annotations, inputSchema }) => annotations.readOnlyHint && inputSchema.required.length === 0,
			);
			if (tool === undefined) throw new StepFault({ reason: 'no_tools' });
			const answer = Called.parse(await rpc('tools/call', { name: tool.name, arguments: {} }));
			if (answer.isError === true)
				throw new StepFault({ reason: 'said', sentence: answer.content[0]?.text ?? tool.name });
			return tool.name;
		},
	};
}

async function postRpc(mcpUrl: string, token: string, method: string, params: object): Promise<unknown> {
	const response = await reachOrFail(mcpUrl, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${token}`,
			'content-type': 'application/json',
			accept: 'application/json, text/event-stream',
		},
		body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
	});
	const reply = Reply.safeParse(await response.json().catch(() => undefined));
	if (!reply.success) throw new StepFault({ reason: 'not_ours' });
	if (reply.data.error !== undefined)
		throw new StepFault({ reason: 'said', sentence: reply.data.error.message });
	return reply.data.result;
}

/** Without the session's cookie, as a client has none. */
async function reachOrFail(url: string, init: RequestInit): Promise<Response> {
	try {
		return await fetch(url, { ...init, credentials: 'omit' });
	} catch {
		throw new StepFault({ reason: 'unreachable' });
	}
}
