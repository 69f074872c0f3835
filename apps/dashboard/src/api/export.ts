import { AppError } from '@chat-manager/contracts';
import { reach } from './connection.ts';
import { readAnswer } from './post.ts';

/** So much is held as single pieces, before the browser may put it aside. */
const maxLooseBytes = 4_194_304;
const lineFeed = 10;

/**
 * Downloads everything that is kept of a person, and hands it to the browser to save. The archive is not compressed, and the
 * server says how many lines there are: that is how far it is, as a share of 1.
 */
export async function downloadData(onProgress: (share: number) => void, signal: AbortSignal): Promise<void> {
	const response = await reach('/api/account/export', { method: 'POST', signal });
	if (!response.ok || response.body === null) {
		await readAnswer(response);
		return;
	}
	const total = Number(response.headers.get('x-total-lines') ?? 0);
	const type = response.headers.get('content-type') ?? '';
	const reader = response.body.getReader();
	let archive = new Blob([], { type });
	let loose: Uint8Array<ArrayBuffer>[] = [];
	let looseBytes = 0;
	let lines = 0;
	for (;;) {
		const { done, value } = await reader.read().catch((cause: unknown) => {
			if (signal.aborted) throw cause;
			throw new AppError('unavailable', 'The download broke off. Try again.', { cause });
		});
		if (done) break;
		loose.push(value);
		looseBytes += value.length;
		for (const byte of value) if (byte === lineFeed) lines++;
		if (total > 0) onProgress(Math.min(1, lines / total));
		if (looseBytes < maxLooseBytes) continue;
		archive = new Blob([archive, ...loose], { type });
		loose = [];
		looseBytes = 0;
	}
	const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
	save(new Blob([archive, ...loose], { type }), name ?? 'chat-manager.zip');
}

/** Saves something as a file, as a click on a link to it does. */
export function save(content: Blob, name: string): void {
	const url = URL.createObjectURL(content);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The browser has begun to read it by then.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
