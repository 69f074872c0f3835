/**
 * Many stock Baileys sockets in one process, keys in memory, nothing of ours: what an idle user costs at least. Gets the auth
 * states of linked devices over IPC, one a message, and tells how many sockets are open.
 */
import { BufferJSON, makeWASocket } from '@whiskeysockets/baileys';
import pino from 'pino';
import { createMemoryKeys } from './memory-keys.ts';

const url = process.argv[2] ?? '';
const logger = pino({ level: 'silent' });
let open = 0;

process.on('message', (text: string) => {
	const { creds, keys } = JSON.parse(text, BufferJSON.reviver);
	const socket = makeWASocket({
		waWebSocketUrl: url,
		auth: { creds, keys: createMemoryKeys(keys) },
		logger,
		markOnlineOnConnect: false,
	});
	socket.ev.on('creds.update', (update) => Object.assign(creds, update));
	socket.ev.on('connection.update', ({ connection }) => {
		if (connection === 'open') process.send?.({ open: ++open });
	});
});
process.on('disconnect', () => process.exit(0));
process.send?.({ open });
