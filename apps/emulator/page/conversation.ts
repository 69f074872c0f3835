import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Bubble, OpenChat } from '../src/screen/schema.ts';
import { bubble } from './bubble.ts';
import { composer } from './composer.ts';
import { avatar, dayOf } from './parts.ts';
import { openChatOf, PAGE_OF_MESSAGES, type Store } from './state.ts';

export function conversation(store: Store): TemplateResult {
	const open = openChatOf(store.state);
	const { chat } = store.state.place;
	if (!open) {
		const isLoading = chat !== undefined && store.state.screen?.phone?.phone !== store.state.place.phone;
		return html`<div class="blank">
			${chat === undefined ? nothing : html`<button type="button" class="small back" @click=${() => store.go({ chat: undefined })}>‹ Chats</button>`}
			<h2>${isLoading ? 'Loading…' : chat === undefined ? 'A phone to hold it by' : 'This chat is not on the phone'}</h2>
			<p>
				Nobody here is real. Choose a chat, write as anybody, and see what arrives in the clients that are linked to this
				phone.
			</p>
		</div>`;
	}
	return html`
		<header class="bar">
			<button type="button" class="plain back" aria-label="Back to the chats" @click=${() => store.go({ chat: undefined })}>‹</button>
			<button type="button" class="person" aria-expanded=${store.state.details} @click=${() => store.set({ details: !store.state.details })}>
				${avatar(open.title, open.group)}
				<span class="person-text">
					<h2 class="clip"><bdi>${open.title}</bdi></h2>
					<span class="soft clip" dir="auto">${subtitle(open)}</span>
				</span>
			</button>
		</header>
		<div class="log" role="log" aria-label="Messages" tabindex="0">
			${
				open.older
					? html`<button type="button" class="small older" @click=${() => store.go({ limit: store.state.place.limit + PAGE_OF_MESSAGES })}>
							Older messages
						</button>`
					: nothing
			}
			${open.bubbles.length === 0 ? html`<p class="empty">Nothing has been written here yet.</p>` : nothing}
			${repeat(
				withDays(open.bubbles),
				({ message, day }) => day ?? `${message?.author.phone} ${message?.id}`,
				({ message, day }) =>
					message ? bubble(store, open, message) : html`<p class="day"><span>${day}</span></p>`,
			)}
		</div>
		${
			open.closed !== undefined && open.members.length === 0
				? html`<p class="closed">${open.closed}</p>`
				: composer(store, open)
		}
	`;
}

function subtitle({ group, members, description }: OpenChat): string {
	if (!group) return 'Direct chat';
	if (members.length === 0) return 'Group';
	return description || members.map(({ name }) => name).join(', ');
}

/** A line before the first message of each day. */
function withDays(bubbles: readonly Bubble[]): { message?: Bubble; day?: string }[] {
	let last = '';
	return bubbles.flatMap((message) => {
		const day = dayOf(message.atMs);
		const isNew = day !== last;
		last = day;
		return isNew ? [{ day }, { message }] : [{ message }];
	});
}
