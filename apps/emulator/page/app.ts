import { html, nothing, type TemplateResult } from 'lit-html';
import { chatList } from './chat-list.ts';
import { conversation } from './conversation.ts';
import { details } from './details.ts';
import { devices } from './devices.ts';
import { dialog } from './dialog.ts';
import { avatar } from './parts.ts';
import { openChatOf, type Store } from './state.ts';

/** The whole page. */
export function app(store: Store): TemplateResult {
	const { state } = store;
	const open = openChatOf(state);
	if (state.connection === 'locked') return html`${locked(store)}${notice(store)}`;
	return html`
		<main class="phone ${state.place.chat ? 'has-chat' : ''} ${open && state.details ? 'has-details' : ''}">
			<h1 class="sr">A simulated phone</h1>
			<section class="side" aria-label="Phone">${side(store)}</section>
			<section class="middle" aria-label="Chat">${conversation(store)}</section>
			${open && state.details ? html`<section class="more" aria-label="About this chat">${details(store, open)}</section>` : nothing}
		</main>
		${dialog(store)}${notice(store)}
	`;
}

function side(store: Store): TemplateResult {
	const { state } = store;
	const phone = state.screen?.phone;
	const tab = (name: 'chats' | 'devices', label: string) => html`
		<button type="button" class="tab" aria-pressed=${state.tab === name} @click=${() => store.set({ tab: name })}>
			${label}
		</button>`;
	return html`
		<header class="bar">
			<button type="button" class="person" aria-haspopup="dialog" @click=${() => store.set({ dialog: { kind: 'people' } })}>
				${avatar(phone?.name ?? '?')}
				<span class="person-text">
					<span class="sr">Whose phone: </span><bdi class="strong clip">${phone?.name ?? 'Choose a person'}</bdi>
					<span class="soft">${phone ? `+${phone.phone}` : 'of the simulated network'}</span>
				</span>
				<span aria-hidden="true" class="chevron">▾</span>
			</button>
		</header>
		${banner(store)}
		<nav class="tabs" aria-label="Parts of the phone">
			${tab('chats', 'Chats')}
			${tab('devices', `Linked devices${phone && phone.devices.length > 0 ? ` (${phone.devices.length})` : ''}`)}
		</nav>
		<div class="scroll">${state.tab === 'chats' ? chatList(store) : devices(store)}</div>
	`;
}

/** What keeps things from happening is said where nobody can miss it. */
function banner({ state, call }: Store): TemplateResult | typeof nothing {
	const { screen, connection } = state;
	if (connection === 'lost')
		return html`<p class="banner" role="status">The simulated network does not answer. Trying again…</p>`;
	const id = screen?.offline ?? screen?.phone?.offline;
	if (id === undefined) return nothing;
	const whose = screen?.offline ? 'everybody' : 'the devices of this person';
	return html`<p class="banner" role="status">
		The network is off for ${whose}.
		<button type="button" class="small" @click=${() => void call('DELETE', `/faults/${id}`)}>Switch it on</button>
	</p>`;
}

function notice({ state, set }: Store): TemplateResult {
	return html`<div class="notices" role="status">
		${
			state.notice
				? html`<p class="notice ${state.notice.failed ? 'failed' : ''}">
						<span dir="auto">${state.notice.text}</span>
						<button type="button" class="plain" aria-label="Dismiss" @click=${() => set({ notice: undefined })}>✕</button>
					</p>`
				: nothing
		}
	</div>`;
}

function locked(store: Store): TemplateResult {
	const submit = (event: SubmitEvent) => {
		event.preventDefault();
		const text = String(new FormData(event.target as HTMLFormElement).get('key')).trim();
		void store.unlock(
			text.includes('key=')
				? (new URLSearchParams(text.slice(text.indexOf('#') + 1)).get('key') ?? '')
				: text,
		);
	};
	return html`<main class="locked">
		<h1>The phone page needs its link</h1>
		<p>
			Open the link that was printed when the simulated network was started, or paste that link here. It opens the
			simulated network only.
		</p>
		<form @submit=${submit}>
			<label>Link or key <input name="key" type="password" autocomplete="off" required></label>
			<button class="primary">Open the phone</button>
		</form>
	</main>`;
}
