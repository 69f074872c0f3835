/**
 * A customer's endpoint as a process of its own: takes what is posted, answers 204, and counts. Over IPC it tells its port, and
 * on `take` what came since the last time: how many, and how old each message was that says when it was written.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const writtenAt = /written at (\d+\.?\d*)/;
let count = 0;
let agesMs: number[] = [];

const server = createServer((request, response) => {
	let body = '';
	request.setEncoding('utf8');
	request.on('data', (chunk: string) => {
		body += chunk;
	});
	request.on('end', () => {
		const at = writtenAt.exec(body)?.[1];
		if (at !== undefined) agesMs.push(Date.now() - Number(at));
		count++;
		response.writeHead(204).end();
	});
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (message) => {
	if (message !== 'take') return;
	process.send?.({ count, agesMs });
	count = 0;
	agesMs = [];
});
process.on('disconnect', () => process.exit(0));
