/**
 * The least that a door on our building blocks can do: express reads JSON, NATS carries it to another process, and what comes
 * back is sent. No token, no limit, no contract.
 */
import express from 'express';
import { connect } from 'nats';
import { readSettings, subjects } from './settings.ts';

const { natsUrl, natsUser, natsPassword } = readSettings();
const nats = await connect({
	servers: natsUrl,
	...(natsUser === undefined ? {} : { user: natsUser }),
	...(natsPassword === undefined ? {} : { pass: natsPassword }),
});
const app = express();
app.use(express.json());
for (const [name, subject] of Object.entries(subjects)) {
	app.post(`/${name}`, async (request, response) => {
		const reply = await nats.request(subject, JSON.stringify(request.body), { timeout: 5_000 });
		response.json(reply.json());
	});
}
const server = app.listen(0, '127.0.0.1', () => {
	const address = server.address();
	process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => process.exit(0));
