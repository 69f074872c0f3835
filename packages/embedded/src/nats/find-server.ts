import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Log } from '../log.ts';
import { StartError } from '../start-error.ts';
import { installServer } from './install-server.ts';

const run = promisify(execFile);
/** Before 2.10 a consumer cannot filter on several subjects. */
const oldest = { major: 2, minor: 10 };

/** The command that runs NATS: the one on the PATH when it is new enough, else the binary that is installed on first use. */
export async function findServer(options: {
	logger: Log;
	/** The program to look for, and the platform to install for; other ones only in tests. */
	program?: string;
	platform?: string;
}): Promise<string> {
	const { logger, program = 'nats-server', platform = `${process.platform}-${process.arch}` } = options;
	const version = await versionOf(program);
	if (version !== undefined && isNewEnough(version)) return program;
	if (platform === 'linux-x64') return installServer({ logger });
	const found =
		version === undefined ? 'NATS is not installed' : `The nats-server on the PATH is too old (${version})`;
	throw new StartError(
		`${found}: install nats-server ${oldest.major}.${oldest.minor} or newer (for example "brew install nats-server", or from https://nats.io/download), or set NATS_URL to a server of your own.`,
	);
}

/** Like 2.14.0; undefined when there is no such program. */
async function versionOf(program: string): Promise<string | undefined> {
	const result = await run(program, ['--version']).catch(() => undefined);
	return /^nats-server: v(\d+\.\d+\.\d+)/.exec(result?.stdout ?? '')?.[1];
}

function isNewEnough(version: string): boolean {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}
