import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { StartError } from './start-error.ts';

const host = '127.0.0.1';
/** Systems take the ports of outgoing connections, and those that a program leaves to them, from above here (Linux: from 32768). */
const lowest = 16_384;
const beyond = 32_768;
/** Those of this process, so that two who ask before either listens do not get the same. */
const given = new Set<number>();

/**
 * A port of the loopback address that nobody listens on at this moment. No outgoing connection takes it while a server that had
 * it starts again.
 */
export async function freePort(): Promise<number> {
	for (let triesLeft = 100; ; triesLeft--) {
		const port = randomInt(lowest, beyond);
		if (given.has(port) && triesLeft > 0) continue;
		given.add(port);
		try {
			return await listenOnce(port);
		} catch (error) {
			if (triesLeft <= 0) throw error;
		}
	}
}

/**
 * Launches a server on the port that was asked for, or on a free one: there another program may be faster in the moment
 * between asking and listening, and then it is the next one.
 */
export async function launchOnPort<T>(
	wanted: number | undefined,
	server: string,
	launch: (port: number) => Promise<T>,
): Promise<{ port: number; launched: T }> {
	if (wanted !== undefined) {
		await assertPortFree(wanted, server);
		return { port: wanted, launched: await launch(wanted) };
	}
	for (let triesLeft = 4; ; triesLeft--) {
		const port = await freePort();
		try {
			return { port, launched: await launch(port) };
		} catch (error) {
			if (!(error instanceof BusyPortError) || triesLeft === 0) throw error;
		}
	}
}

export class BusyPortError extends StartError {
	constructor(port: number, server: string, cause: unknown) {
		super(
			`${server} cannot use port ${port}: another program listens on it; end that program or choose another port.`,
			{ cause },
		);
	}
}

/** Throws the sentence about a busy port when another program listens on it. */
export async function assertPortFree(port: number, server: string): Promise<void> {
	try {
		await listenOnce(port);
	} catch (error) {
		const { code } = error as { code?: unknown };
		if (code === 'EADDRINUSE') throw new BusyPortError(port, server, error);
		if (code === 'EACCES')
			throw new StartError(`${server} may not use port ${port}: choose one above 1023.`, { cause: error });
		throw error;
	}
}

function listenOnce(port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, host, () => {
			const { port: bound } = server.address() as AddressInfo;
			server.close(() => resolve(bound));
		});
	});
}
