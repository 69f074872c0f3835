/**
 * An endpoint that takes webhooks. It answers before it works, so that a slow day of its own is no failed delivery, and knows a
 * repeat by the event's id: deliveries come at least once.
 *
 * What is not signed with the secret, or older than five minutes, is refused before anything of it is read.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const { WEBHOOK_SECRET = '', PORT = '4000' } = process.env;
const webhook = new Webhook(WEBHOOK_SECRET);
/** A service of your own keeps these in its database, in the transaction of what it does with the event. */
const handled = new Set<string>();

const server = createServer((request, response) => {
	void readBody(request).then((body) => {
		try {
			webhook.verify(body, request.headers as Record<string, string>);
			response.writeHead(204).end();
			handle(JSON.parse(body));
		} catch (error) {
			response.writeHead(error instanceof WebhookVerificationError ? 401 : 400).end();
		}
	});
});
server.listen(Number(PORT), '127.0.0.1', () => console.log('listening', JSON.stringify(server.address())));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());

function handle({ id, type, data }: { id: string; type: string; data: unknown }): void {
	if (handled.has(id)) return;
	handled.add(id);
	console.log(type, JSON.stringify(data));
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}
