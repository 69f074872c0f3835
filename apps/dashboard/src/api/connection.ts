/** The server did not answer at all: it is away, or this device is offline. */
export class ConnectionLost extends Error {
	override readonly name = 'ConnectionLost';
}

type Listener = () => void;

let isLost = false;
const listeners = new Set<Listener>();

/** Whether the last request reached the server; for `useSyncExternalStore`. */
export const connection = {
	isLost: () => isLost,
	subscribe(listener: Listener): () => void {
		listeners.add(listener);
		return () => listeners.delete(listener);
	},
};

/** Asks the server, with the session's cookie; throws `ConnectionLost` when no answer comes. */
export async function reach(path: string, init: RequestInit): Promise<Response> {
	try {
		const response = await fetch(path, { credentials: 'same-origin', ...init });
		setLost(false);
		return response;
	} catch (cause) {
		if (init.signal?.aborted === true) throw cause;
		setLost(true);
		throw new ConnectionLost('The server does not answer.', { cause });
	}
}

function setLost(lost: boolean): void {
	if (lost === isLost) return;
	isLost = lost;
	for (const listener of listeners) listener();
}
