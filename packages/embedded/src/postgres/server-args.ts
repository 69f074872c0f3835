/** The settings of the server; they go on the command line so that those of a later version hold for old data too. */
export function serverArgs(options: { dataDir: string; port: number; durable: boolean }): string[] {
	const { dataDir, port, durable } = options;
	const settings: Record<string, string> = {
		listen_addresses: '127.0.0.1',
		// The path of a socket has a limit of some 100 bytes, and nobody needs one.
		unix_socket_directories: '',
		password_encryption: 'scram-sha-256',
		max_connections: '200',
		timezone: 'UTC',
		log_timezone: 'UTC',
		lc_messages: 'C',
		// A failed statement is logged without its text and the row it was about: there are people's data in them.
		log_error_verbosity: 'terse',
		log_min_error_statement: 'panic',
		...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
	};
	const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	return ['-D', dataDir, '-p', String(port), ...flags];
}
