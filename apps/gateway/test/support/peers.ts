import { createGrantVerifier, serve } from '@chat-manager/bus';
import { type Call, entries, type ServiceName } from '@chat-manager/contracts';
import type { World } from './world.ts';

/** What a peer does instead of answering with the operation's example. */
export type Answers = Record<string, (input: Record<string, unknown>, call: Call) => unknown>;

/**
 * Another service, played on the real bus by the real `serve`: each operation (`domain.verb`) answers with its own example,
 * or with what `answers` says. `userId` is given for a connector.
 */
export async function startPeer(
	world: World,
	service: ServiceName,
	answers: Answers = {},
	userId?: string,
): Promise<AsyncDisposable> {
	const bus = await world.connect(service);
	const handlers: Record<string, Record<string, unknown>> = {};
	for (const { domain, verb, operation } of entries.filter((entry) => entry.service === service)) {
		handlers[domain] ??= {};
		handlers[domain][verb] = async (_context: null, input: Record<string, unknown>, call: Call) =>
			(await answers[`${domain}.${verb}`]?.(input, call)) ?? operation.example.output;
	}
	const serving = await serve(bus, {
		service,
		handlers: handlers as never,
		context: null,
		verifyGrant: createGrantVerifier(world.publicKey),
		...(userId === undefined ? {} : { userId }),
	});
	await bus.nats.flush();
	return { [Symbol.asyncDispose]: () => serving.stop() };
}
