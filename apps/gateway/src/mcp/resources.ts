import { type AppError, type Route, routes, toAppError } from '@chat-manager/contracts';
import {
	ProtocolError,
	ProtocolErrorCode,
	type ReadResourceResult,
	ResourceNotFoundError,
	type Server,
} from '@modelcontextprotocol/server';
import type { Caller } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { dispatch } from '../dispatch.ts';
import { cutToFit, readPlace, skipItems } from './fit.ts';
import { iconsOf } from './icons.ts';
import { fence } from './text/fence.ts';
import { readable } from './text/readable.ts';
import { render } from './text/render.ts';
import { quoted } from './text/visible-text.ts';

const mimeType = 'text/plain';
const listStarred = routeOf('storage.groups.listStarred');
/** What can be read of a group, by what stands behind its jid. */
const views: Readonly<Record<string, Route['entry']>> = {
	'': routeOf('storage.groups.getStarred'),
	'/messages': routeOf('storage.messages.list'),
	'/changes': routeOf('storage.members.changes'),
};
const uriShape = /^chat-manager:\/\/groups\/([^/]+)(\/messages|\/changes)?$/;

const templates = [
	{
		uriTemplate: 'chat-manager://groups/{jid}',
		name: 'group',
		title: 'A starred group',
		description: 'Name, description, member count and pending changes of a starred group',
		mimeType,
	},
	{
		uriTemplate: 'chat-manager://groups/{jid}/messages',
		name: 'group-messages',
		title: 'The newest messages of a starred group',
		description: 'The newest stored messages; get_group_messages reads on and searches',
		mimeType,
	},
	{
		uriTemplate: 'chat-manager://groups/{jid}/changes',
		name: 'group-changes',
		title: 'Who joined and left a starred group',
		description: 'Membership changes since the group was last visited',
		mimeType,
	},
];

export function offersResources(caller: Caller): boolean {
	return caller.scopes.includes(listStarred.operation.scope);
}

/** Each starred group as a resource. What members wrote stands inside the same boundary as in the answer of a tool. */
export function installResources(server: Server, caller: Caller, context: Context): void {
	const signalOf = ({ mcpReq }: { mcpReq: { signal: AbortSignal } }) => mcpReq.signal;
	const ask = async (entry: Route['entry'], input: unknown, signal: AbortSignal) => {
		try {
			const answer = await dispatch(context, { entry, input, caller, signal });
			if ('output' in answer) return Object(readable(answer.output));
			throw new Error('Reading asks nobody.');
		} catch (thrown) {
			throw toProtocolError(toAppError(thrown));
		}
	};

	server.setRequestHandler('resources/list', async ({ params }, request) => {
		const input = params?.cursor === undefined ? {} : { cursor: params.cursor };
		const { groups, nextCursor } = listStarred.operation.output.parse(
			await ask(listStarred, input, signalOf(request)),
		) as StarredPage;
		const icons = iconsOf('groups', context.publicUrl.origin);
		return {
			resources: groups.map(({ jid, name, participantCount }) => ({
				uri: `chat-manager://groups/${jid}`,
				name: jid,
				title: `WhatsApp group ${quoted(name)}`,
				description: `A starred group of ${participantCount} members`,
				mimeType,
				icons,
			})),
			...(nextCursor === null ? {} : { nextCursor }),
		};
	});
	server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: templates }));
	server.setRequestHandler('resources/read', async ({ params }, request): Promise<ReadResourceResult> => {
		const { uri } = params;
		const [, jid = '', view = ''] = uriShape.exec(uri) ?? [];
		const entry = views[view];
		if (jid === '' || entry === undefined) throw new ResourceNotFoundError(uri);
		const output = await ask(entry, { jid }, signalOf(request));
		const place = readPlace(undefined);
		const fitted = cutToFit(skipItems(output, place), place, (part, notes) => ({
			content: [{ type: 'text', text: [fence(render(part)), ...notes].join('\n') }],
		}));
		const text = fitted.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
		return { contents: [{ uri, mimeType, text }] };
	});
}

type StarredPage = {
	groups: { jid: string; name: string; participantCount: number }[];
	nextCursor: string | null;
};

function routeOf(id: string): Route['entry'] {
	const route = routes.find(({ entry }) => entry.id === id);
	if (route === undefined) throw new Error(`No operation ${id}`);
	return route.entry;
}

/** A resource has no result that says that it failed: what can be mended is told in the error of the protocol. */
function toProtocolError(error: AppError): Error {
	const { code, message, ...data } = error.toBody();
	const isOurs = code === 'internal';
	return new ProtocolError(
		isOurs ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams,
		`${code}: ${message}`,
		{ code, ...data },
	);
}
