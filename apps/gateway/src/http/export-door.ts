import { pipeline } from 'node:stream/promises';
import { AppError, contract, entries, type Route } from '@chat-manager/contracts';
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { type ArchiveFile, zipOf } from '../archive/zip.ts';
import type { Context } from '../context.ts';
import { dispatch } from '../dispatch.ts';
import type { People } from '../people/people.ts';
import { clientGone } from './client-gone.ts';
import { methodNotAllowed } from './errors.ts';
import { identify } from './identify.ts';

/** The operations that give what each service keeps of a person, in the order of the archive. */
const parts = [
	contract.gateway.account.exportOwn,
	contract.connectors.account.exportDevice,
	contract.storage.account.exportRecord,
	contract.webhooks.account.exportWebhooks,
];
const Page = contract.gateway.account.exportOwn.output;
type Page = z.output<typeof Page>;
type Part = { entry: Route['entry']; kind: string };

/** Every kind of thing that is kept, with the operation that gives it. */
const kinds: readonly Part[] = parts.flatMap((operation) => {
	const entry = entries.find((one) => one.operation === operation);
	if (entry === undefined) throw new Error('Not an operation of the contract');
	return operation.input.shape.kind.options.map((kind) => ({ entry: { ...entry, operation }, kind }));
});

/** How many lines are to come, so that whoever downloads can tell how far it is. */
const totalHeader = 'X-Total-Lines';

/**
 * `POST /api/account/export`: everything that is kept of a person, as one zip file with a file of JSON lines for each kind. It is
 * made while it is sent, page by page, as fast as it is read. What fails before the first byte is an error like any other; what
 * fails later breaks the connection off, so that nobody takes half of it for all.
 */
export function createExportDoor(doors: { context: Context; people: People }): RequestHandler {
	const { context } = doors;
	return async (request, response) => {
		if (request.method !== 'POST') throw methodNotAllowed(response, 'POST');
		const signal = clientGone(response);
		const caller = await identify(request, response, doors);
		if (caller.tokenId !== undefined)
			throw new AppError(
				'forbidden',
				'Only a person who is signed in can export their data, no access token.',
			);
		const files: ArchiveFile[] = [];
		let total = 0;
		for (const part of kinds) {
			const first = await readPage(context, { part, caller, signal, cursor: undefined });
			total += first.total ?? first.records.length;
			files.push({
				name: `${part.kind}.jsonl`,
				content: linesOf(first, (cursor) => readPage(context, { part, caller, signal, cursor })),
			});
		}
		const now = new Date(context.clock.now());
		response.set({
			'Content-Type': 'application/zip',
			'Content-Disposition': `attachment; filename="chat-manager-${now.toISOString().slice(0, 10)}.zip"`,
			'Cache-Control': 'no-store',
			[totalHeader]: String(total),
		});
		try {
			await pipeline(zipOf(files, now), response);
		} catch (error) {
			if (!signal.aborted) context.logger.warn({ err: error, userId: caller.userId }, 'an export broke off');
		}
	};
}

async function* linesOf(first: Page, next: (cursor: string) => Promise<Page>): AsyncGenerator<string> {
	for (let page = first; ; ) {
		yield page.records.map((record) => `${JSON.stringify(record)}\n`).join('');
		if (page.nextCursor === null) return;
		page = await next(page.nextCursor);
	}
}

async function readPage(
	context: Context,
	{
		part,
		caller,
		signal,
		cursor,
	}: { part: Part; caller: Caller; signal: AbortSignal; cursor: string | undefined },
): Promise<Page> {
	const input = { kind: part.kind, ...(cursor === undefined ? {} : { cursor }) };
	const answer = await dispatch(context, { entry: part.entry, input, caller, signal });
	if ('ask' in answer) throw new Error('An export asked a question.');
	return Page.parse(answer.output);
}
