import { AppError } from '@chat-manager/contracts';
import type { RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import type { Listeners } from '../live/listeners.ts';
import { createLiveStream, type Outlet } from '../live/live-stream.ts';
import type { People } from '../people/people.ts';
import { methodNotAllowed } from './errors.ts';
import { identify } from './identify.ts';

/** More pages than anybody keeps open at once, at one replica. */
const maxPages = 12;

/** `/api/events`: tells a person's open page what changed. For sessions alone: a token has webhooks for that. */
export type LiveDoor = {
	readonly handle: RequestHandler;
	/** Ends all streams, so that a process that stops does not wait for them. */
	readonly close: () => void;
};

export function createLiveDoor(doors: { context: Context; people: People; listeners: Listeners }): LiveDoor {
	const { context, people, listeners } = doors;
	const open = new Set<() => void>();
	let isClosing = false;

	const handle: RequestHandler = async (request, response) => {
		if (request.method !== 'GET') throw methodNotAllowed(response, 'GET');
		response.set('Cache-Control', 'no-store, no-transform');
		const { userId, tokenId } = await identify(request, response, doors);
		if (tokenId !== undefined)
			throw new AppError(
				'forbidden',
				'Live events are for people who are signed in. With an access token, register a webhook instead.',
			);
		if (isClosing)
			throw new AppError('unavailable', 'This server is being restarted. Try again in a moment.');
		if (listeners.count(userId) >= maxPages)
			throw new AppError('rate_limited', `${maxPages} pages are open already. Close one of them.`, {
				retryAfterMs: 30_000,
			});
		const stream = createLiveStream({
			...context,
			userId,
			outlet: outletOf(response),
			hasSession: () => people.hasSession(request.headers.cookie, userId),
		});
		const listening = await listeners.add(context.bus.get(), stream);
		const end = () => {
			stream.stop();
			listening[Symbol.dispose]();
			open.delete(end);
		};
		open.add(end);
		response.once('close', end);
		if (response.destroyed || isClosing) return end();
		response
			.status(200)
			.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
			.flushHeaders();
		stream.start();
	};

	return {
		handle,
		close() {
			isClosing = true;
			for (const end of open) end();
		},
	};
}

function outletOf(response: Response): Outlet {
	return {
		write: (text) => response.write(text),
		onDrain: (resume) => void response.once('drain', resume),
		close: () => void response.end(),
	};
}
