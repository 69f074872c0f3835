/** Where the gateway is for the world, what follows from it, and what stands beside it. */
export type PublicUrl = {
	/** Without a slash at the end. */
	readonly origin: string;
	readonly isSecure: boolean;
	/** The page on which a person makes a token. */
	readonly tokenPage: string;
	/** Where MCP clients connect. */
	readonly mcp: string;
	/** The page of the simulated phones, where they run. */
	readonly simulatedPhone: string | null;
	/** Whether a page of this origin is ours. */
	isOwnOrigin(origin: string): boolean;
	/** Whether a request may be addressed to this Host; any port, for only a name can be rebound. */
	isOwnHost(host: string): boolean;
};

/** Names of this machine, which no foreign site can point at itself. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

export function createPublicUrl(
	url: string,
	allowedHosts: readonly string[] = [],
	simulatedPhone: string | null = null,
): PublicUrl {
	const { origin, hostname, protocol, port } = new URL(url);
	const isLoopback = loopbackNames.includes(hostname);
	const origins = new Set([origin]);
	// On one's own machine localhost and 127.0.0.1 are the same page.
	if (isLoopback)
		for (const name of loopbackNames) origins.add(new URL(`${protocol}//${name}:${port}`).origin);
	const hosts = new Set([hostname, ...loopbackNames, ...allowedHosts]);
	return {
		origin,
		isSecure: protocol === 'https:',
		tokenPage: `${origin}/app/settings/mcp`,
		mcp: `${origin}/mcp`,
		simulatedPhone,
		isOwnOrigin: (candidate) => origins.has(candidate),
		isOwnHost(host) {
			const parsed = URL.parse(`http://${host}`);
			return parsed !== null && hosts.has(parsed.hostname);
		},
	};
}
