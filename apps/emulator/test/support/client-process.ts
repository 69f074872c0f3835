/**
 * A process with any number of real Baileys clients, driven over IPC. It does not load the emulator, so that its libsignal is
 * the unpatched one and checks every signature that the emulator makes.
 */
import {
	Curve,
	downloadMediaMessage,
	makeWASocket,
	type WAMessage,
	type WASocket,
} from '@whiskeysockets/baileys';
import pino from 'pino';
import { type AuthFile, openAuthFile } from './auth-file.ts';
import type { Command, OpenOptions, Reply, Request } from './protocol.ts';

const RESTART_REQUIRED = 515;
const FORWARDED = [
	'messages.upsert',
	'messages.update',
	'message-receipt.update',
	'groups.upsert',
	'groups.update',
	'group-participants.update',
	'group.join-request',
	'messaging-history.set',
	'messages.reaction',
	'contacts.upsert',
	'contacts.update',
	'chats.update',
	'blocklist.update',
	'settings.update',
] as const;

const log = pino({ level: process.argv[2] ?? 'silent' });
/** Not filled from Baileys' events: those can come later than the first request to send a message again. */
const sent = new Map<string, WAMessage>();
const clients = new Map<string, { socket: WASocket; auth: AuthFile }>();

process.on('message', ({ seq, command }: Request) => {
	run(command).then(
		(result) => send({ seq, result }),
		(error: unknown) => send({ seq, error: describe(error) }),
	);
});
process.on('disconnect', () => process.exit(0));

async function run(command: Command): Promise<unknown> {
	if (command.op === 'open') {
		connect(command.name, command.options, openAuthFile(command.options.authPath));
		return undefined;
	}
	const client = clients.get(command.name);
	if (!client) throw new Error(`No client ${command.name}`);
	if (command.op === 'sendMessage') {
		const message = await client.socket.sendMessage(command.to, command.content, command.options);
		if (message?.key.id) sent.set(message.key.id, message);
		return plain(message);
	}
	if (command.op === 'download') {
		const buffer = await downloadMediaMessage(command.message, 'buffer', {});
		return buffer.toString('base64');
	}
	if (command.op === 'me') return client.auth.state.creds.me;
	if (command.op === 'end') return client.socket.end(undefined);
	if (command.op === 'forget') return client.auth.forget(command.type);
	const method: unknown = Reflect.get(client.socket, command.method);
	if (typeof method !== 'function') throw new Error(`Baileys has no ${command.method}`);
	return plain(await method(...command.args));
}

function connect(name: string, options: OpenOptions, auth: AuthFile): void {
	const { state } = auth;
	const creds = options.wrongNoiseKey ? { ...state.creds, noiseKey: Curve.generateKeyPair() } : state.creds;
	const socket = makeWASocket({
		waWebSocketUrl: options.url,
		auth: { creds, keys: state.keys },
		logger: log,
		defaultQueryTimeoutMs: 20_000,
		...options.settings,
		// By id alone: for a retry of a direct message Baileys asks with the address of the device.
		getMessage: async ({ id }) => sent.get(id ?? '')?.message ?? undefined,
		...(options.pushName === undefined ? {} : { pushName: options.pushName }),
	});
	clients.set(name, { socket, auth });
	if (options.dieOnMessage) socket.ws.on('CB:message', () => process.kill(process.pid, 'SIGKILL'));
	socket.ws.on('CB:message', ({ attrs }: { attrs: { id: string } }) =>
		send({ name, event: 'stanza', data: attrs.id }),
	);
	socket.ev.on('creds.update', () => auth.save());
	socket.ev.on(
		'connection.update',
		({ connection, qr, lastDisconnect, isNewLogin, receivedPendingNotifications }) => {
			// What Baileys still holds back at its end it drops, although it has confirmed it.
			if (connection === 'close') socket.ev.flush();
			const { error } = lastDisconnect ?? {};
			const code = error && 'output' in error ? (error as Boom).output.statusCode : undefined;
			send({
				name,
				event: 'connection',
				data: { connection, qr, code, isNewLogin, receivedPendingNotifications },
			});
			if (connection === 'close' && code === RESTART_REQUIRED && options.restart !== false)
				connect(name, options, auth);
		},
	);
	for (const event of FORWARDED)
		socket.ev.on(event, (data: unknown) => send({ name, event, data: plain(data) }));
}

function send(reply: Reply): void {
	if (process.connected) process.send?.(reply);
}

/** Without classes and functions, which IPC would refuse. */
function plain(value: unknown): unknown {
	return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function describe(error: unknown): { message: string; code: unknown } {
	if (!(error instanceof Error)) return { message: String(error), code: error };
	return { message: error.message, code: 'data' in error ? error.data : undefined };
}

type Boom = Error & { output: { statusCode: number } };
