import { html, nothing, type TemplateResult } from 'lit-html';
import { openChatOf, type Store, writerOf } from './state.ts';

const EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

/** What whoever writes here can do with a message. */
export function messageActions(store: Store, id: string): TemplateResult {
	const open = openChatOf(store.state);
	const message = open?.bubbles.find((bubble) => bubble.id === id);
	if (!open || !message) return html`<p>This message is not there any more.</p>`;
	const writer = writerOf(store.state);
	const role = open.members.find(({ phone }) => phone === writer)?.role;
	const isOwn = message.author.phone === writer;
	const done = message.reactions.find(({ by }) => by.some(({ phone }) => phone === writer))?.emoji;
	const send = (content: object) => {
		store.set({ dialog: undefined });
		void store.call('POST', '/messages', { from: writer, to: open.id, content });
	};
	const about = (kind: 'reply' | 'edit') => {
		store.set({ dialog: undefined, about: { kind, id } });
		queueMicrotask(() => focusComposer(kind === 'edit' ? message.text : undefined));
	};
	const copy = async () => {
		store.set({ dialog: undefined });
		await navigator.clipboard.writeText(message.text);
		store.say('Copied.');
	};
	return html`
		<blockquote><bdi class="strong">${message.author.name}</bdi><span class="clip" dir="auto">${message.text || message.kind}</span></blockquote>
		<div class="emoji" role="group" aria-label="React">
			${EMOJI.map((emoji) => html`<button type="button" class="plain" aria-pressed=${done === emoji} aria-label="React with ${emoji}" @click=${() => send({ kind: 'reaction', target: id, emoji: done === emoji ? '' : emoji })}>${emoji}</button>`)}
		</div>
		<button type="button" @click=${() => about('reply')}>Reply</button>
		${isOwn && message.kind === 'text' ? html`<button type="button" @click=${() => about('edit')}>Edit</button>` : nothing}
		${message.text === '' ? nothing : html`<button type="button" @click=${() => void copy()}>Copy the text</button>`}
		${isOwn || role === 'admin' || role === 'superadmin' ? html`<button type="button" class="danger" @click=${() => send({ kind: 'delete', target: id })}>Delete for everyone</button>` : nothing}
	`;
}

function focusComposer(text: string | undefined): void {
	const field = document.querySelector<HTMLTextAreaElement>('.composer textarea');
	if (!field) return;
	if (text !== undefined) field.value = text;
	field.focus();
}
