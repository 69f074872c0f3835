import { html, type TemplateResult } from 'lit-html';
import type { Waiting } from '../src/screen/schema.ts';
import { fieldsOf, textOf } from './parts.ts';
import { readQr } from './read-qr.ts';
import type { Store } from './state.ts';

/** Three ways to link a client: its QR code as text or as a picture, one that was held up, or the code that it shows. */
export function linkDevice(store: Store, qr = ''): TemplateResult {
	const { screen } = store.state;
	const phone = screen?.phone;
	if (!screen || !phone) return html`<p>Choose a person first.</p>`;
	const linked = (answer: unknown) => {
		if (!answer) return;
		store.set({ dialog: undefined, tab: 'devices' });
		store.say('The device is linked.');
	};
	const scan = async (text: string) =>
		linked(await store.call('POST', `/mock-phone/scan-qr?phone=${phone.phone}`, text));
	const scanPicture = async (file: Blob | undefined) => {
		if (!file) return;
		const text = await readQr(file).catch(() => undefined);
		if (text === undefined) store.say('There is no QR code in this picture that can be read.', true);
		else await scan(text);
	};
	const scanClipboard = async () => {
		const items = await navigator.clipboard.read().catch(() => undefined);
		if (!items) {
			store.say('The browser does not let this page read the clipboard. Paste into the field instead.', true);
			return;
		}
		for (const item of items) {
			const picture = item.types.find((type) => type.startsWith('image/'));
			if (picture) return scanPicture(await item.getType(picture));
			if (item.types.includes('text/plain')) return scan(await (await item.getType('text/plain')).text());
		}
	};
	const paste = (event: ClipboardEvent) => {
		const picture = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
		if (!picture) return;
		event.preventDefault();
		void scanPicture(picture);
	};
	const drop = (event: DragEvent) => {
		event.preventDefault();
		const text = event.dataTransfer?.getData('text/plain');
		void (text ? scan(text) : scanPicture(event.dataTransfer?.files[0]));
	};
	const enter = async (event: SubmitEvent) =>
		linked(
			await store.call('POST', `/accounts/${phone.phone}/pairing-code`, {
				code: textOf(fieldsOf(event), 'code'),
			}),
		);
	return html`<div class="stack" @paste=${paste} @drop=${drop} @dragover=${(event: Event) => event.preventDefault()}>
		<p>The client will be a device of <bdi class="strong">${phone.name}</bdi>.</p>
		${waitingList(store, phone.phone, linked)}
		<form class="stack" @submit=${(event: SubmitEvent) => void scan(textOf(fieldsOf(event), 'qr'))}>
			<label>Text of the QR code, or paste or drop a picture of it
				<textarea name="qr" rows="3" autofocus required maxlength="4096" spellcheck="false" .defaultValue=${qr}></textarea>
			</label>
			<div class="actions">
				<button class="primary">Scan</button>
				<button type="button" class="small" @click=${() => void scanClipboard()}>From the clipboard</button>
				<label class="button small">From a picture<input type="file" accept="image/*" class="sr" @change=${(event: Event) => void scanPicture((event.target as HTMLInputElement).files?.[0])}></label>
			</div>
		</form>
		<form class="stack" @submit=${(event: SubmitEvent) => void enter(event)}>
			<label>Or the code that the client shows for +${phone.phone} <input name="code" required maxlength="9" autocomplete="off" autocapitalize="characters" placeholder="ABCD-1234"></label>
			<button class="small">Enter the code</button>
		</form>
	</div>`;
}

/** What waits can be scanned with a click once its QR code was held up; a server cannot know the secret in it otherwise. */
function waitingList(store: Store, phone: string, linked: (answer: unknown) => void): TemplateResult {
	const waiting = store.state.screen?.waiting ?? [];
	if (waiting.length === 0)
		return html`<p class="soft" role="status">No client waits to be linked at the moment.</p>`;
	const scan = async ({ id }: Waiting) => linked(await store.call('POST', `/pairings/${id}/link`, { phone }));
	return html`<ul class="members" aria-label="Clients that wait">${waiting.map(
		(one) =>
			html`<li><span class="clip">${one.client}</span>${
				one.shown
					? html`<button type="button" class="primary" @click=${() => void scan(one)}>Scan its QR code</button>`
					: html`<span class="soft">${one.codeFor === undefined ? 'shows a QR code' : html`shows a code for +${one.codeFor}`}</span>`
			}</li>`,
	)}</ul>`;
}
