import { fork } from 'node:child_process';
import { once } from 'node:events';
import type {
	AnyMessageContent,
	Contact,
	MiscMessageGenerationOptions,
	WAMessage,
	WASocket,
} from '@whiskeysockets/baileys';
import type { Command, OpenOptions, Reply } from './protocol.ts';

const PROGRAM = new URL('./client-process.ts', import.meta.url);
const TIMEOUT_MS = 30_000;

type Event = { readonly event: string; readonly data: never };
type ConnectionEvent = {
	readonly connection?: 'open' | 'close' | 'connecting';
	readonly qr?: string;
	readonly code?: number;
	readonly isNewLogin?: boolean;
	readonly receivedPendingNotifications?: boolean;
};
type Upsert = { readonly type: 'notify' | 'append'; readonly messages: readonly WAMessage[] };

/** One Baileys client in the other process. */
export type Client = {
	readonly name: string;
	/** Everything that happened since it was opened or `clear` was called. */
	readonly events: Event[];
	clear(): void;
	/** Calls a method of the Baileys socket. */
	call<Method extends keyof WASocket>(method: Method, ...args: unknown[]): Promise<Result<WASocket[Method]>>;
	/** Sends a text, and keeps it for retries. */
	send(to: string, text: string): Promise<WAMessage>;
	/** Sends anything, and keeps it for retries. */
	post(to: string, content: AnyMessageContent, options?: MiscMessageGenerationOptions): Promise<WAMessage>;
	/** Downloads and decrypts the media of a message. */
	download(message: WAMessage): Promise<Buffer>;
	/** What came with one kind of event, in order. */
	// biome-ignore lint/suspicious/noExplicitAny: tests assert on whatever comes
	of(event: string): any[];
	/** Deletes all keys of one type from the client's store. */
	forget(type: string): Promise<unknown>;
	/** What the client knows of itself by now. */
	me(): Promise<Contact | undefined>;
	end(): Promise<unknown>;
	/** Waits for an answer other than undefined and false; asked again after every event. */
	until<Answer>(condition: (client: Client) => Answer, what: string): Promise<NonNullable<Answer>>;
	connections(): ConnectionEvent[];
	upserts(): Upsert[];
	/** Ids of messages in the order of arrival. Baileys' own events may come in another one. */
	arrivals(): string[];
	/** Messages with this text. */
	texts(text: string): { readonly message: WAMessage; readonly type: Upsert['type'] }[];
};

/** A process with Baileys clients; killed when disposed of. */
export type Clients = AsyncDisposable & {
	open(name: string, options: OpenOptions): Promise<Client>;
	/** Resolves when the process is gone. */
	readonly exited: Promise<void>;
	kill(): Promise<void>;
};

/** `env` is added to the environment of the process: which certificates it trusts, say. */
export function startClients(env: Readonly<Record<string, string>> = {}): Clients {
	const child = fork(PROGRAM, {
		serialization: 'advanced',
		stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		// biome-ignore lint/style/noProcessEnv: handed on to the other process
		env: { ...process.env, ...env },
	});
	const calls = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
	const clients = new Map<string, { client: Client; asked: Set<() => void> }>();
	let sequence = 0;

	child.on('message', (reply: Reply) => {
		if ('event' in reply) {
			const entry = clients.get(reply.name);
			entry?.client.events.push({ event: reply.event, data: reply.data as never });
			for (const ask of [...(entry?.asked ?? [])]) ask();
			return;
		}
		const waiting = calls.get(reply.seq);
		calls.delete(reply.seq);
		if ('error' in reply)
			waiting?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
		else waiting?.resolve(reply.result);
	});

	function request(command: Command): Promise<unknown> {
		const seq = ++sequence;
		return new Promise((resolve, reject) => {
			calls.set(seq, { resolve, reject });
			child.send({ seq, command });
		});
	}
	const exited = once(child, 'exit').then(() => undefined);
	async function kill(): Promise<void> {
		child.kill('SIGKILL');
		await exited;
	}
	return {
		exited,
		kill,
		[Symbol.asyncDispose]: kill,
		async open(name, options) {
			const asked = new Set<() => void>();
			const client = createClient(name, request, asked);
			clients.set(name, { client, asked });
			await request({ op: 'open', name, options });
			return client;
		},
	};
}

function createClient(
	name: string,
	request: (command: Command) => Promise<unknown>,
	asked: Set<() => void>,
): Client {
	const events: Event[] = [];
	const of = (event: string): never[] =>
		events.filter((entry) => entry.event === event).map(({ data }) => data);
	const client: Client = {
		name,
		events,
		clear: () => events.splice(0),
		call: (method, ...args) => request({ op: 'call', name, method, args }) as never,
		send: (to, text) => client.post(to, { text }),
		post: (to, content, options) =>
			request({ op: 'sendMessage', name, to, content, ...(options && { options }) }) as never,
		download: async (message) =>
			Buffer.from(String(await request({ op: 'download', name, message })), 'base64'),
		of,
		forget: (type) => request({ op: 'forget', name, type }),
		me: () => request({ op: 'me', name }) as never,
		end: () => request({ op: 'end', name }),
		connections: () => of('connection'),
		upserts: () => of('messages.upsert'),
		arrivals: () => of('stanza'),
		texts: (text) =>
			client
				.upserts()
				.flatMap(({ type, messages }) =>
					messages
						.filter(({ message }) => (message?.conversation ?? message?.extendedTextMessage?.text) === text)
						.map((message) => ({ message, type })),
				),
		until: (condition, what) =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(() => {
					asked.delete(ask);
					reject(
						new Error(
							`${name}: not within ${TIMEOUT_MS} ms: ${what}\n${JSON.stringify(events).slice(-2000)}`,
						),
					);
				}, TIMEOUT_MS);
				function ask(): void {
					const answer = condition(client);
					if (answer === undefined || answer === null || answer === false) return;
					clearTimeout(timer);
					asked.delete(ask);
					resolve(answer);
				}
				asked.add(ask);
				ask();
			}),
	};
	return client;
}

type Result<Method> = Method extends (...args: never[]) => infer Returned ? Awaited<Returned> : never;
