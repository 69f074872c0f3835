import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { avatar, digitsOf, fieldsOf, textOf } from './parts.ts';
import type { Store } from './state.ts';

/** Everybody on the network; choosing one takes up their phone. */
export function people(store: Store): TemplateResult {
	const { screen, place } = store.state;
	const choose = (phone: string) => {
		store.set({ dialog: undefined, tab: store.state.tab });
		store.go({ phone, chat: undefined });
	};
	const add = async (event: SubmitEvent) => {
		const fields = fieldsOf(event);
		const [pushName, phone] = [textOf(fields, 'name'), digitsOf(textOf(fields, 'number'))];
		const made = await store.call('POST', '/accounts', { pushName, ...(phone && { phone }) });
		if (typeof made?.phone === 'string') choose(made.phone);
	};
	const { accounts = [], accountsTotal = 0 } = screen ?? {};
	return html`
		<ul class="list choose" aria-label="People">
			${repeat(
				accounts,
				({ phone }) => phone,
				({
					phone,
					name,
					devices,
					online,
				}) => html`<li><button type="button" class="row" aria-current=${place.phone === phone ? 'true' : 'false'} @click=${() => choose(phone)}>
					${avatar(name)}
					<span class="row-text"><bdi class="strong clip">${name}</bdi><span class="soft">+${phone}${devices > 0 ? `, ${devices} linked (${online} online)` : ''}</span></span>
				</button></li>`,
			)}
		</ul>
		${accountsTotal > accounts.length ? html`<p class="soft">The first ${accounts.length} of ${accountsTotal}. Add a number below to take up the phone of another one.</p>` : nothing}
		<form class="stack" @submit=${(event: SubmitEvent) => void add(event)}>
			<h3>Somebody new</h3>
			<label>Name <input name="name" dir="auto" required maxlength="100" autocomplete="off"></label>
			<label>Number (made up when empty) <input name="number" type="tel" inputmode="tel" autocomplete="off" pattern="[\\+\\-\\(\\) 0-9]{5,24}"></label>
			<button class="primary">Add and take their phone</button>
		</form>
	`;
}
