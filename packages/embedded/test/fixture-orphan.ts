import { startNats } from '../src/nats/start-nats.ts';
import { startPostgres } from '../src/postgres/start-postgres.ts';
import { silent } from './scratch-folder.ts';

/** Starts a server, tells its pid, and is then killed by the test: nobody is left to stop the server. */
const [, , kind, dataDir = ''] = process.argv;
const server =
	kind === 'nats'
		? await startNats({ dataDir, logger: silent })
		: await startPostgres({ dataDir, password: 'secret', logger: silent });
process.send?.(server.pid);
setInterval(() => {}, 60_000);
