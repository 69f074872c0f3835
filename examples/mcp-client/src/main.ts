/** An MCP client without a model: tells who joined and who left each starred group since the last visit. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';

const { CM_URL = 'http://localhost:3000', CM_TOKEN = '' } = process.env;
const Groups = z.object({ groups: z.array(z.object({ jid: z.string(), name: z.string() })) });
const People = z.array(
	z.object({ name: z.string().nullable(), phone: z.string().nullable(), jid: z.string() }),
);
const Changes = z.object({ joined: People, left: People });

const client = new Client({ name: 'who-came-and-went', version: '1.0.0' });
const headers = { authorization: `Bearer ${CM_TOKEN}` };
await client.connect(
	new StreamableHTTPClientTransport(new URL('/mcp', CM_URL), { requestInit: { headers } }) as Parameters<
		typeof client.connect
	>[0],
);
const { groups } = Groups.parse(await call('list_starred_groups', {}));
for (const { jid, name } of groups) {
	const { joined, left } = Changes.parse(await call('get_membership_changes', { jid }));
	console.log(`${name}: joined ${namesOf(joined)}; left ${namesOf(left)}`);
}
await client.close();

/** A failure is a result too: its text says what to do. */
async function call(name: string, args: Record<string, unknown>): Promise<unknown> {
	const result = await client.callTool({ name, arguments: args });
	if (result.isError) throw new Error(JSON.stringify(result.content));
	return result.structuredContent;
}

function namesOf(people: z.infer<typeof People>): string {
	return people.map(({ name, phone, jid }) => name ?? phone ?? jid).join(', ') || 'nobody';
}
