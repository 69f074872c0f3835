import { html, nothing, type TemplateResult } from 'lit-html';
import type { Bubble, OpenChat, Poll } from '../src/screen/schema.ts';
import { file } from './file.ts';
import { hue, timeOf } from './parts.ts';
import { type Store, writerOf } from './state.ts';

const RECEIPTS = { sent: '✓ Sent', delivered: '✓✓ Delivered', read: '✓✓ Read' } as const;

export function bubble(store: Store, open: OpenChat, message: Bubble): TemplateResult {
	const { author, own, deleted, replyTo, reactions, receipt, edited } = message;
	return html`<article class="bubble ${own ? 'own' : ''}" id="m-${message.id}" aria-label="Message from ${author.name}">
		${open.group && !own ? html`<p class="author ink-${hue(author.name)}"><bdi>${author.name}</bdi></p>` : nothing}
		${replyTo ? html`<blockquote><bdi class="strong">${replyTo.author}</bdi><span class="clip" dir="auto">${replyTo.text || 'A message'}</span></blockquote>` : nothing}
		${deleted ? html`<p class="gone">This message was deleted.</p>` : content(store, open, message)}
		<footer class="soft">
			${edited ? html`<span>edited</span>` : nothing}
			<time datetime=${new Date(message.atMs).toISOString()}>${timeOf(message.atMs)}</time>
			${receipt ? html`<span class="receipt ${receipt}">${RECEIPTS[receipt]}</span>` : nothing}
			${
				deleted
					? nothing
					: html`<button type="button" class="plain act" aria-haspopup="dialog" aria-label="React, reply and more" @click=${() => store.set({ dialog: { kind: 'message', id: message.id } })}>⋯</button>`
			}
		</footer>
		${reactions.length > 0 ? html`<ul class="reactions" aria-label="Reactions">${reactions.map(({ emoji, by }) => html`<li title=${by.map(({ name }) => name).join(', ')}>${emoji}${by.length > 1 ? html` <span>${by.length}</span>` : nothing}</li>`)}</ul>` : nothing}
	</article>`;
}

function content(store: Store, open: OpenChat, message: Bubble): TemplateResult {
	const { kind, text, place, poll, invite } = message;
	const words = text === '' ? nothing : html`<p class="words" dir="auto">${text}</p>`;
	if (message.file) return html`${file(store, message, message.file)}${words}`;
	if (poll) return html`<p class="words strong" dir="auto">${text}</p>${options(store, open, message, poll)}`;
	if (place) {
		const { latitude, longitude } = place;
		return html`${words}<p class="card">📍 ${latitude.toFixed(4)}, ${longitude.toFixed(4)}</p>`;
	}
	if (kind === 'contact') return html`<p class="card">👤 <bdi>${text}</bdi></p>`;
	if (invite) {
		const accept = () =>
			store.call('POST', `/groups/${invite.group}/accept`, {
				by: store.state.screen?.phone?.phone,
				code: invite.code,
				from: message.author.phone,
			});
		return html`${words}<p class="card">Invitation to <bdi class="strong">${invite.subject}</bdi></p>
			${message.own ? nothing : html`<button type="button" class="small" ?disabled=${invite.expired} @click=${() => void accept()}>${invite.expired ? 'Expired' : 'Join the group'}</button>`}`;
	}
	return kind === 'text'
		? html`${words}`
		: html`<p class="gone">A message of a kind that this page does not show.</p>`;
}

/** Whoever writes here votes here; clicking a chosen option takes it back. */
function options(store: Store, open: OpenChat, message: Bubble, poll: Poll): TemplateResult {
	const writer = writerOf(store.state);
	const vote = (name: string) => {
		const chosen = poll.options
			.filter(({ voters }) => voters.some(({ phone }) => phone === writer))
			.map((option) => option.name);
		const others = poll.selectable === 1 ? [] : chosen;
		const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...others, name];
		void store.call('POST', '/messages', {
			from: writer,
			to: open.id,
			content: { kind: 'vote', target: message.id, options: next },
		});
	};
	return html`<ul class="poll" aria-label="Options">
		${poll.options.map(
			({ name, voters }) => html`<li>
				<button type="button" class="option" aria-pressed=${voters.some(({ phone }) => phone === writer)} title=${voters.map((voter) => voter.name).join(', ')} @click=${() => vote(name)}>
					<bdi>${name}</bdi><span class="count">${voters.length}</span>
				</button>
			</li>`,
		)}
	</ul>`;
}
