import { html, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Screen } from '../src/screen/schema.ts';
import { digitsOf, fieldsOf, textOf } from './parts.ts';
import { openChatOf, type Store, writerOf } from './state.ts';

export function newChat(store: Store): TemplateResult {
	const submit = async (event: SubmitEvent) => {
		const phone = digitsOf(textOf(fieldsOf(event), 'number'));
		if (!(await store.call('POST', '/accounts', { phone }))) return;
		store.set({ dialog: undefined });
		store.go({ chat: phone }, true);
	};
	return html`<form class="stack" @submit=${(event: SubmitEvent) => void submit(event)}>
		<label>With whom? A number that nobody has yet becomes a new person.
			<input name="number" autofocus type="tel" inputmode="tel" list="numbers" required autocomplete="off" pattern="[\\+\\-\\(\\) 0-9]{5,24}">
		</label>
		<datalist id="numbers">${others(store).map(({ phone, name }) => html`<option value=${phone}>${name}</option>`)}</datalist>
		<button class="primary">Open the chat</button>
	</form>`;
}

export function newGroup(store: Store): TemplateResult {
	const submit = async (event: SubmitEvent) => {
		const fields = fieldsOf(event);
		const body = {
			by: store.state.screen?.phone?.phone,
			subject: textOf(fields, 'subject'),
			participants: fields.getAll('phone'),
		};
		const made = await store.call('POST', '/groups', body);
		if (typeof made?.id !== 'string') return;
		store.set({ dialog: undefined });
		store.go({ chat: made.id }, true);
	};
	return html`<form class="stack" @submit=${(event: SubmitEvent) => void submit(event)}>
		<label>Name <input name="subject" autofocus dir="auto" required maxlength="100" autocomplete="off"></label>
		${choices(others(store))}
		<button class="primary">Make the group</button>
	</form>`;
}

export function addPeople(store: Store): TemplateResult {
	const open = openChatOf(store.state);
	const members = new Set(open?.members.map(({ phone }) => phone));
	const submit = async (event: SubmitEvent) => {
		const phones = fieldsOf(event).getAll('phone');
		if (phones.length === 0) return;
		const body = { by: store.state.screen?.phone?.phone, action: 'add', phones };
		const answer = await store.call('POST', `/groups/${open?.id}/participants`, body);
		if (!answer) return;
		store.set({ dialog: undefined });
		const results = Array.isArray(answer.results)
			? (answer.results as { phone: string; code: number }[])
			: [];
		const refused = results
			.filter(({ code }) => code !== 200)
			.map(({ phone, code }) => `+${phone} (${code})`);
		if (refused.length > 0) store.say(`Not added: ${refused.join(', ')}.`, true);
	};
	return html`<form class="stack" @submit=${(event: SubmitEvent) => void submit(event)}>
		${choices(others(store).filter(({ phone }) => !members.has(phone)))}
		<button class="primary">Add to the group</button>
	</form>`;
}

export function join(store: Store): TemplateResult {
	const enter = async (code: string) => {
		const group = await store.call('POST', '/groups/join', { by: store.state.screen?.phone?.phone, code });
		if (typeof group?.id !== 'string') return;
		const isIn = store.state.screen?.phone?.otherGroups.find(({ id }) => id === group.id);
		store.set({ dialog: undefined });
		if (Array.isArray(group.requests) && group.requests.includes(store.state.screen?.phone?.phone)) {
			store.say(`The admins of ${isIn?.title ?? 'the group'} decide on it.`);
		} else store.go({ chat: group.id }, true);
	};
	const groups = store.state.screen?.phone?.otherGroups ?? [];
	return html`
		<form class="stack" @submit=${(event: SubmitEvent) => void enter(codeOf(textOf(fieldsOf(event), 'code')))}>
			<label>Code or link of an invitation <input name="code" autofocus required maxlength="200" autocomplete="off"></label>
			<button class="primary">Join</button>
		</form>
		${groups.length === 0 ? html`<p class="soft">There is no group that this person is not in.</p>` : html`<h3>Groups on this network</h3>`}
		<ul class="members">${repeat(
			groups,
			({ id }) => id,
			({
				title,
				size,
				code,
				asked,
			}) => html`<li><span class="clip"><bdi>${title}</bdi> <span class="soft">${size} members</span></span>
				<button type="button" class="small" ?disabled=${asked} aria-label="Join ${title}" @click=${() => void enter(code)}>${asked ? 'Asked' : 'Join'}</button></li>`,
		)}</ul>
	`;
}

export function poll(store: Store): TemplateResult {
	const submit = async (event: SubmitEvent) => {
		const fields = fieldsOf(event);
		const options = textOf(fields, 'options')
			.split('\n')
			.map((option) => option.trim())
			.filter((option) => option !== '');
		const selectable = fields.has('several') ? 0 : 1;
		const content = { kind: 'poll', question: textOf(fields, 'question'), options, selectable };
		const { chat } = store.state.place;
		if (await store.call('POST', '/messages', { from: writerOf(store.state), to: chat, content }))
			store.set({ dialog: undefined });
	};
	return html`<form class="stack" @submit=${(event: SubmitEvent) => void submit(event)}>
		<label>Question <input name="question" autofocus dir="auto" required maxlength="255" autocomplete="off"></label>
		<label>Options, one a line (two to twelve) <textarea name="options" dir="auto" rows="4" required></textarea></label>
		<label class="switch"><input type="checkbox" name="several">More than one may be chosen</label>
		<button class="primary">Ask</button>
	</form>`;
}

type Account = Screen['accounts'][number];

function others({ state }: Store): Account[] {
	return (state.screen?.accounts ?? []).filter(({ phone }) => phone !== state.screen?.phone?.phone);
}

function choices(accounts: readonly Account[]): TemplateResult {
	if (accounts.length === 0)
		return html`<p class="soft">There is nobody else yet. Add people under “Whose phone?”.</p>`;
	return html`<fieldset class="choices"><legend>Who is in it?</legend>
		${accounts.map(({ phone, name }) => html`<label class="switch"><input type="checkbox" name="phone" value=${phone}><bdi>${name}</bdi> <span class="soft">+${phone}</span></label>`)}
	</fieldset>`;
}

/** Links end with the code. */
function codeOf(text: string): string {
	return text.split('/').at(-1) ?? '';
}
