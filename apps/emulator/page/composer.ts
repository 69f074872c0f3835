import { html, nothing, type TemplateResult } from 'lit-html';
import type { OpenChat } from '../src/screen/schema.ts';
import { type Store, writerOf } from './state.ts';

/** Admin calls take a mebibyte, and base64 makes four bytes of three. */
const MAX_FILE_BYTES = 700 * 1024;

/** Where one writes: as the person whose phone this is, or in a group as any member. */
export function composer(store: Store, open: OpenChat): TemplateResult {
	const { state } = store;
	const writer = writerOf(state);
	const isBarred = open.announce && open.members.find(({ phone }) => phone === writer)?.role === 'member';
	return html`<form class="composer" @submit=${(event: SubmitEvent) => void submit(event, store, open)}>
		${about(store, open)}
		${open.members.length > 1 ? as(store, open, writer) : nothing}
		${isBarred ? html`<p class="closed">Only admins may write here. Choose one above.</p>` : line(store, open)}
	</form>`;
}

function line(store: Store, open: OpenChat): TemplateResult {
	return html`<div class="line">
		<label class="plain attach" title="Send a file"><span aria-hidden="true">📎</span><span class="sr">Send a file</span>
			<input type="file" class="sr" @change=${(event: Event) => void sendFile(event, store, open)}>
		</label>
		${open.group ? html`<button type="button" class="plain" aria-haspopup="dialog" aria-label="Ask a poll" title="Ask a poll" @click=${() => store.set({ dialog: { kind: 'poll' } })}>📊</button>` : nothing}
		<textarea name="text" rows="1" dir="auto" aria-label="Message" placeholder="Message" required maxlength="65536"
			@keydown=${(event: KeyboardEvent) => sendOnEnter(event, store)}></textarea>
		<button class="primary" ?disabled=${store.state.connection !== 'live'}>${store.state.about?.kind === 'edit' ? 'Save' : 'Send'}</button>
	</div>`;
}

function as(store: Store, open: OpenChat, writer: string | undefined): TemplateResult {
	const own = store.state.screen?.phone?.phone;
	return html`<label class="as">Write as
		<select name="as" @change=${(event: Event) => store.set({ writer: (event.target as HTMLSelectElement).value, about: undefined })}>
			${open.members.map(({ phone, name }) => html`<option value=${phone} ?selected=${phone === writer}>${name}${phone === own ? ' (this phone)' : ''}</option>`)}
		</select>
	</label>`;
}

function about(store: Store, open: OpenChat): TemplateResult | typeof nothing {
	const subject = store.state.about;
	const message = open.bubbles.find(({ id }) => id === subject?.id);
	if (!subject || !message) return nothing;
	return html`<p class="about">
		<span>${subject.kind === 'reply' ? html`Reply to <bdi class="strong">${message.author.name}</bdi>` : 'Edit'}: <span dir="auto">${message.text}</span></span>
		<button type="button" class="plain" aria-label="Cancel" @click=${() => store.set({ about: undefined })}>✕</button>
	</p>`;
}

function sendOnEnter(event: KeyboardEvent, store: Store): void {
	// In the middle of composing a character Enter belongs to the input method.
	if (event.key === 'Escape' && store.state.about) store.set({ about: undefined });
	if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
	event.preventDefault();
	(event.target as HTMLTextAreaElement).form?.requestSubmit();
}

async function submit(event: SubmitEvent, store: Store, open: OpenChat): Promise<void> {
	event.preventDefault();
	const field = (event.target as HTMLFormElement).elements.namedItem('text') as HTMLTextAreaElement;
	const text = field.value.trim();
	if (text === '') return;
	const subject = store.state.about;
	const content =
		subject?.kind === 'edit'
			? { kind: 'edit', target: subject.id, text }
			: { kind: 'text', text, ...(subject && { replyTo: subject.id }) };
	// At once, so that the next one can be written; given back when it could not be sent.
	field.value = '';
	store.set({ about: undefined });
	const sent = await store.call('POST', '/messages', { from: writerOf(store.state), to: open.id, content });
	if (!sent && field.value === '') field.value = text;
}

async function sendFile(event: Event, store: Store, open: OpenChat): Promise<void> {
	const input = event.target as HTMLInputElement;
	const [file] = input.files ?? [];
	input.value = '';
	if (!file) return;
	if (file.size > MAX_FILE_BYTES) {
		store.say(`A file may have up to ${MAX_FILE_BYTES / 1024} KiB here.`, true);
		return;
	}
	const data = btoa(
		Array.from(new Uint8Array(await file.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(''),
	);
	const [family] = file.type.split('/');
	const kind = family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
	const content = {
		kind,
		data,
		...(file.type && { mimetype: file.type }),
		...(kind === 'document' && { fileName: file.name }),
	};
	await store.call('POST', '/messages', { from: writerOf(store.state), to: open.id, content });
}
