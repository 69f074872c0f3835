import { proto } from '@whiskeysockets/baileys';
import { addPatch, collectionOf } from '../actions/app-state.ts';
import { attr, bytes, child, children, node, type Stanza } from '../binary/node.ts';
import { sealMedia } from '../crypto/media.ts';
import { Refusal } from '../network/refusal.ts';
import type { Collection } from '../network/state.ts';
import type { IqRequest, IqTable } from './iq-handler.ts';

/** A device fetches what changed since its version, and sends changes of its own. Each collection has an answer of its own. */
export const appStateQueries: IqTable = {
	'w:sync:app:state set sync': (request) => ({
		content: [
			node(
				'sync',
				{},
				children(request.request, 'collection').map((collection) => answerOne(request, collection)),
			),
		],
	}),
};

function answerOne(request: IqRequest, asked: Stanza): Stanza {
	const name = attr(asked, 'name');
	const version = Number(asked.attrs.version ?? '0');
	const patch = child(asked, 'patch') ?? child(child(asked, 'patches'), 'patch');
	try {
		if (patch) {
			const change = { name, baseVersion: version, patch: bytes(patch) };
			const { version: next } = addPatch(request.ctx, request.caller, change);
			return node('collection', { name, version: String(next) });
		}
		const collection = collectionOf(request.caller.account, name);
		const content = changes(request, collection, version, asked.attrs.return_snapshot === 'true');
		return node('collection', { name, version: String(collection.version) }, content);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const refusal = node('error', { code: String(error.code), text: error.text });
		return node('collection', { name, type: 'error' }, [refusal]);
	}
}

/** From a snapshot on where there is one and the device needs it, else the patches alone. */
function changes(
	{ ctx }: IqRequest,
	{ snapshot, patches }: Collection,
	version: number,
	wanted: boolean,
): Stanza[] {
	const needed = snapshot && (wanted || version < snapshot.version) ? snapshot : undefined;
	const since = Math.max(version, needed?.version ?? 0);
	const newer = patches.filter((patch) => patch.version > since);
	return [
		...(needed ? [node('snapshot', {}, blobFor(ctx, Buffer.from(needed.encoded, 'base64')))] : []),
		node(
			'patches',
			{},
			newer.map(({ encoded }) => node('patch', {}, Buffer.from(encoded, 'base64'))),
		),
	];
}

/** Snapshots are fetched from the media host. */
function blobFor({ media }: IqRequest['ctx'], content: Buffer): Uint8Array {
	const sealed = sealMedia(content, 'App State');
	const { mediaKey, fileSha256, fileEncSha256, fileLength } = sealed;
	return proto.ExternalBlobReference.encode({
		mediaKey,
		directPath: media.put(sealed.content),
		handle: fileEncSha256.toString('hex'),
		fileSizeBytes: fileLength,
		fileSha256,
		fileEncSha256,
	}).finish();
}
