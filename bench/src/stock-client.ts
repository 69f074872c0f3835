/**
 * A stock Baileys client as a process of its own, keys in memory, nothing of ours: the limit that the connector is held
 * against. Talks over IPC: tells its QR code and when it is open, and counts the group messages that it was given.
 */
import { initAuthCreds, makeWASocket } from '@whiskeysockets/baileys';
import pino from 'pino';
import { createMemoryKeys } from './memory-keys.ts';

const url = process.argv[2] ?? '';
const logger = pino({ level: 'silent' });
const creds = initAuthCreds();
let count = 0;
const keys = createMemoryKeys();

function connect(): void {
	const socket = makeWASocket({
		waWebSocketUrl: url,
		auth: { creds, keys },
		logger,
		markOnlineOnConnect: false,
	});
	socket.ev.on('creds.update', (update) => Object.assign(creds, update));
	socket.ev.on('connection.update', ({ qr, connection }) => {
		if (qr !== undefined) process.send?.({ qr });
		if (connection === 'open') process.send?.({ open: true });
		if (connection === 'close') connect();
	});
	socket.ev.on('messages.upsert', ({ messages }) => {
		count += messages.filter(
			({ message, key }) => message?.conversation && key.remoteJid?.endsWith('@g.us'),
		).length;
		process.send?.({ count });
	});
}

process.on('disconnect', () => process.exit(0));
connect();
