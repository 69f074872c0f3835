import { html, type TemplateResult } from 'lit-html';
import type { Bubble } from '../src/screen/schema.ts';
import type { Store } from './state.ts';

/** The only kinds that are shown as pictures; the browser draws them and runs nothing in them. */
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
const NAMES: Partial<Record<Bubble['kind'], string>> = {
	image: 'Picture',
	video: 'Video',
	audio: 'Voice message',
	document: 'File',
};
/** What was opened, as addresses that only this page knows. */
const opened = new Map<string, string | undefined>();

/** A file of a message: pictures are opened at once, everything else when it is asked for. */
export function file(
	store: Store,
	message: Bubble,
	{ mimetype, name, bytes }: NonNullable<Bubble['file']>,
): TemplateResult {
	const label = name ?? NAMES[message.kind] ?? 'File';
	const key = `${store.state.screen?.phone?.phone} ${message.id}`;
	if (!PICTURES.has(mimetype)) {
		return html`<button type="button" class="card" @click=${() => void save(store, message, label)}>
			<span>📄 <bdi>${label}</bdi></span> <span class="soft">${sizeOf(bytes)}, save</span>
		</button>`;
	}
	if (!opened.has(key)) {
		opened.set(key, undefined);
		void fetchFile(store, message, mimetype).then((address) => {
			opened.set(key, address);
			store.set({});
		});
	}
	const address = opened.get(key);
	return address === undefined
		? html`<p class="card">🖼 ${label} <span class="soft">${sizeOf(bytes)}</span></p>`
		: html`<img class="picture" src=${address} alt=${message.text || label}>`;
}

async function save(store: Store, message: Bubble, label: string): Promise<void> {
	const address = await fetchFile(store, message, 'application/octet-stream');
	if (address === undefined) return;
	const link = Object.assign(document.createElement('a'), { href: address, download: label });
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function fetchFile(store: Store, { id }: Bubble, type: string): Promise<string | undefined> {
	const answer = await store.call('GET', `/accounts/${store.state.screen?.phone?.phone}/messages/${id}/file`);
	if (typeof answer?.data !== 'string') return undefined;
	return URL.createObjectURL(new Blob([bytesOf(answer.data)], { type }));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function sizeOf(bytes: number): string {
	return bytes < 1024
		? `${bytes} bytes`
		: bytes < 1024 * 1024
			? `${Math.round(bytes / 1024)} KiB`
			: `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
