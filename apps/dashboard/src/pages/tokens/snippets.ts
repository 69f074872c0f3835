/** What stands where the token goes until one was created. */
export const tokenPlace = 'YOUR_TOKEN';

export type Snippet = {
	/** The client's own name, the same in every language. */
	name: string;
	/** The file or the terminal where it belongs. */
	place: string;
	text: string;
};

/** The name under which clients list this server. */
const server = 'chat-manager';

/** For each client what belongs in its configuration, ready to paste. Plain HTTP is the last. */
export function snippetsFor(mcpUrl: string, token: string): readonly [Snippet, ...Snippet[]] {
	const authorization = `Bearer ${token}`;
	const headers = { Authorization: authorization };
	return [
		{
			name: 'Claude Desktop',
			place: 'claude_desktop_config.json',
			text: json({
				mcpServers: {
					[server]: {
						command: 'npx',
						args: ['mcp-remote', mcpUrl, ...allowHttp(mcpUrl), '--header', `Authorization: ${authorization}`],
					},
				},
			}),
		},
		{
			name: 'Claude Code',
			place: 'terminal',
			text: `claude mcp add --transport http ${server} ${mcpUrl} --header "Authorization: ${authorization}"`,
		},
		{
			name: 'Cursor',
			place: '~/.cursor/mcp.json',
			text: json({ mcpServers: { [server]: { url: mcpUrl, headers } } }),
		},
		{
			name: 'VS Code',
			place: '.vscode/mcp.json',
			text: json({ servers: { [server]: { type: 'http', url: mcpUrl, headers } } }),
		},
		{
			name: 'Gemini CLI',
			place: '~/.gemini/settings.json',
			text: json({ mcpServers: { [server]: { httpUrl: mcpUrl, headers } } }),
		},
		{
			name: 'Codex',
			place: '~/.codex/config.toml',
			text: [
				`[mcp_servers.${server}]`,
				`url = "${mcpUrl}"`,
				`http_headers = { "Authorization" = "${authorization}" }`,
			].join('\n'),
		},
		{
			name: 'HTTP',
			place: 'terminal',
			text: [
				`curl ${mcpUrl} \\`,
				`  --header "Authorization: ${authorization}" \\`,
				'  --header "Content-Type: application/json" \\',
				'  --header "Accept: application/json, text/event-stream" \\',
				`  --data '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_starred_groups","arguments":{}}}'`,
			].join('\n'),
		},
	];
}

/** The bridge refuses plain http to anything but this machine unless it is told. */
function allowHttp(mcpUrl: string): string[] {
	const { protocol, hostname } = new URL(mcpUrl);
	return protocol === 'http:' && hostname !== 'localhost' && hostname !== '127.0.0.1' ? ['--allow-http'] : [];
}

function json(value: unknown): string {
	return JSON.stringify(value, null, 2);
}
