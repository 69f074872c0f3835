import { eventSpec, postedEventTypes, webhookExample } from '@chat-manager/contracts';

/** The page for those who receive webhooks: every event with an example. */
export function eventsPage(): string {
	const rows = postedEventTypes.map(
		(type) => `| [\`${type}\`](#${type.replace('.', '')}) | ${eventSpec(type).summary} |`,
	);
	return `<!-- Made from the contract by npm run generate. -->

# Webhook events

Each is posted as JSON, signed as [Standard Webhooks](https://www.standardwebhooks.com) asks for: verify it with one of its
libraries and the secret that you were given. \`id\` is the same on every attempt, so that you recognise a repeat. What members
wrote (\`text\`, \`media\`, \`emoji\`, \`options\`) is null while message storage is off in the account, and where it could not be
decrypted. The schemas stand in [webhooks.asyncapi.json](webhooks.asyncapi.json).

| event | what happened |
| --- | --- |
${rows.join('\n')}
${postedEventTypes.map(section).join('')}`;
}

function section(type: (typeof postedEventTypes)[number]): string {
	const { summary, webhook } = eventSpec(type);
	const note =
		webhook === 'on_request' ? ' It is posted when you ask for a test, and cannot be subscribed to.' : '';
	return `
## ${type}

${summary}${note}

\`\`\`json
${JSON.stringify(webhookExample(type), null, 2)}
\`\`\`
`;
}
