import express, { type Router } from 'express';
import type { Network, Picture } from '../network/state.ts';
import { type MediaStore, uploadToken } from './media-store.ts';

const MAX_UPLOAD_BYTES = 110 * 1024 * 1024;

/**
 * The media host of the network: clients upload to `/mms/…` and download from the path they were given; pictures of people and
 * groups are below `/pictures`. Nothing here needs the admin token. A download needs its path, which cannot be guessed.
 */
export function createMediaRoutes(media: MediaStore, network: Network): Router {
	const router = express.Router();
	const raw = express.raw({ type: () => true, limit: MAX_UPLOAD_BYTES });
	router.post('/mms/:kind/:token', raw, (request, response) => {
		const body: unknown = request.body;
		if (request.query.auth !== media.auth) {
			response.status(401).json({ error: 'Ask for a media connection first.' });
		} else if (!Buffer.isBuffer(body) || uploadToken(body) !== request.params.token) {
			response.status(400).json({ error: 'The file is not the one that its name says.' });
		} else {
			const path = media.put(body);
			response.json({ url: `https://${media.host()}${path}`, direct_path: path });
		}
	});
	router.get('/o1/v/:name', (request, response) => {
		const file = media.get(request.path);
		if (file) response.type('application/octet-stream').send(file);
		else response.status(404).json({ error: 'The file is not there any more.' });
	});
	router.get('/pictures/:id', (request, response) => {
		const picture = findPicture(network, request.params.id);
		if (picture) response.type('image/jpeg').send(Buffer.from(picture.jpeg, 'base64'));
		else response.status(404).json({ error: 'The picture is not there any more.' });
	});
	return router;
}

function findPicture({ accounts, groups }: Network, id: string): Picture | undefined {
	for (const { picture } of [...accounts.values(), ...groups.values()]) {
		if (picture?.id === id) return picture;
	}
	return undefined;
}
