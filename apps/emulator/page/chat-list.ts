import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { ShownChat } from '../src/screen/schema.ts';
import { avatar, whenOf } from './parts.ts';
import type { Store } from './state.ts';

export function chatList(store: Store): TemplateResult {
	const phone = store.state.screen?.phone;
	if (!phone)
		return html`<p class="empty">${store.state.screen ? 'There is nobody yet. Add a person above.' : 'Loading…'}</p>`;
	const open = (kind: 'new-chat' | 'new-group' | 'join') => () => store.set({ dialog: { kind } });
	return html`
		<div class="actions">
			<button type="button" class="small" @click=${open('new-chat')}>New chat</button>
			<button type="button" class="small" @click=${open('new-group')}>New group</button>
			<button type="button" class="small" @click=${open('join')}>Join a group</button>
		</div>
		${
			phone.chats.length === 0
				? html`<p class="empty">No chats yet. Write to somebody, or make a group.</p>`
				: html`<ul class="list" aria-label="Chats">
						${repeat(
							phone.chats,
							({ id }) => id,
							(chat) => html`<li>${row(store, chat)}</li>`,
						)}
					</ul>`
		}
	`;
}

function row({ state, go }: Store, { id, title, group, last }: ShownChat): TemplateResult {
	return html`<button type="button" class="row" aria-current=${state.place.chat === id ? 'true' : 'false'} @click=${() => go({ chat: id }, true)}>
		${avatar(title, group)}
		<span class="row-text">
			<span class="row-line"><bdi class="strong clip">${title}</bdi>${last ? html`<time class="soft">${whenOf(last.atMs)}</time>` : nothing}</span>
			<span class="soft clip" dir="auto">${
				last
					? html`${last.own ? 'You: ' : group ? html`<bdi>${last.author}</bdi>: ` : ''}${last.text}`
					: group
						? 'Nothing written yet'
						: ''
			}</span>
		</span>
	</button>`;
}
