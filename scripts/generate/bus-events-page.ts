import { eventSpec, eventSubject, eventTypes } from '@chat-manager/contracts';

/** The page for internal subscribers: every event on the bus, who publishes it, and an example of its data. */
export function busEventsPage(): string {
	const published = eventTypes.filter((type) => eventSpec(type).publisher !== null);
	const rows = published.map((type) => {
		const { summary, publisher } = eventSpec(type);
		return `| [\`${type}\`](#${type.replace('.', '')}) | ${[publisher].flat().join(', ')} | ${summary} |`;
	});
	const sections = published.map(
		(type) => `
## ${type}

${eventSpec(type).summary}

Subject \`${eventSubject('USER', type).replace('USER', '<userId>')}\`, \`data\`:

\`\`\`json
${JSON.stringify(eventSpec(type).example, null, 2)}
\`\`\`
`,
	);
	return `<!-- Made from the contract by npm run generate. -->

# Events on NATS

The JetStream stream \`EVENTS\` has what happened, once for each user whom it concerns: JSON with \`id\`, \`type\`, \`at\`, \`userId\`,
\`groupJid\` where there is a group, and \`data\`. The id is also the \`Nats-Msg-Id\`; a consumer that remembers it handles each event
once. What members wrote is sealed with a key of the user. How to become a subscriber stands in
[integrate.md](../integrate.md#events-on-nats); the schemas in [events.asyncapi.json](events.asyncapi.json).

| event | published by | what happened |
| --- | --- | --- |
${rows.join('\n')}
${sections.join('')}`;
}
