/** One picture for each domain of the contract, served beside the dashboard. */
const files: Readonly<Record<string, string>> = {
	groups: 'groups',
	members: 'members',
	messages: 'messages',
	webhooks: 'webhooks',
};

export function iconsOf(domain: string, origin: string) {
	return [
		{
			src: `${origin}/icons/${files[domain] ?? 'chat-manager'}.svg`,
			mimeType: 'image/svg+xml',
			sizes: ['any'],
		},
	];
}
