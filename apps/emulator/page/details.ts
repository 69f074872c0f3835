import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { OpenChat } from '../src/screen/schema.ts';
import { avatar, fieldsOf, textOf } from './parts.ts';
import type { Store } from './state.ts';

/** About the open chat: of a group its members and settings, as far as the person may change them. */
export function details(store: Store, open: OpenChat): TemplateResult {
	const by = store.state.screen?.phone?.phone;
	const isAdmin = open.role === 'admin' || open.role === 'superadmin';
	const change = (path: string, body: object, method: 'PUT' | 'POST' = 'PUT') =>
		store.call(method, `/groups/${open.id}${path}`, { by, ...body });
	const rename = async (event: SubmitEvent) => {
		const fields = fieldsOf(event);
		await change('/subject', { subject: textOf(fields, 'subject') });
		const description = textOf(fields, 'description');
		if (description !== open.description) await change('/description', { description: description || null });
	};
	const leave = async () => {
		if (await change('/leave', {}, 'POST')) store.say('You have left the group.');
	};
	const toggle = (label: string, setting: 'announce' | 'approval') => html`<label class="switch">
		<input type="checkbox" role="switch" .checked=${open[setting]} ?disabled=${!isAdmin} @change=${() => void change('/settings', { [setting]: !open[setting] })}>${label}
	</label>`;
	return html`
		<header class="bar"><h2>About this chat</h2><button type="button" class="plain" aria-label="Close" @click=${() => store.set({ details: false })}>✕</button></header>
		<div class="scroll padded">
			${avatar(open.title, open.group)}
			<p class="strong"><bdi>${open.title}</bdi></p>
			${open.group ? nothing : html`<p class="soft">+${open.id}</p>`}
			${open.description ? html`<p dir="auto">${open.description}</p>` : nothing}
			${
				open.role
					? html`
						<details><summary>Name and description</summary>
							<form class="stack" @submit=${(event: SubmitEvent) => void rename(event)}>
								<label>Name <input name="subject" dir="auto" required maxlength="100" .value=${open.title}></label>
								<label>Description <textarea name="description" dir="auto" rows="3" maxlength="2048" .value=${open.description}></textarea></label>
								<button class="small">Save</button>
							</form>
						</details>
						${toggle('Only admins may write', 'announce')}${toggle('Admins let people in', 'approval')}
						${members(store, open, isAdmin, change)}
						<p class="soft">Code of the invitation: <code class="code">${open.inviteCode}</code></p>
						<button type="button" class="small danger" @click=${() => void leave()}>Leave the group</button>`
					: nothing
			}
		</div>
	`;
}

type Change = (path: string, body: object, method?: 'PUT' | 'POST') => Promise<unknown>;

function members(store: Store, open: OpenChat, isAdmin: boolean, change: Change): TemplateResult {
	const own = store.state.screen?.phone?.phone;
	const act = (action: string, phone: string) =>
		void change('/participants', { action, phones: [phone] }, 'POST');
	const decide = (decision: string, phone: string) =>
		void change('/requests', { decision, phones: [phone] }, 'POST');
	return html`
		${
			open.requests.length > 0
				? html`<h3>Want to join</h3><ul class="members">${open.requests.map(
						({ phone, name }) =>
							html`<li><bdi class="clip">${name}</bdi>${
								isAdmin
									? html`<span class="member-actions"><button type="button" class="small" @click=${() => decide('approve', phone)}>Let in</button>
								<button type="button" class="small" @click=${() => decide('reject', phone)}>Refuse</button></span>`
									: nothing
							}</li>`,
					)}</ul>`
				: nothing
		}
		<h3>${open.members.length} ${open.members.length === 1 ? 'member' : 'members'}</h3>
		<button type="button" class="small" aria-haspopup="dialog" @click=${() => store.set({ dialog: { kind: 'add-people' } })}>Add people</button>
		<ul class="members">
			${repeat(
				open.members,
				({ phone }) => phone,
				({ phone, name, role }) => html`<li>
					<span class="clip"><bdi>${name}</bdi>${phone === own ? ' (this phone)' : ''}${role === 'member' ? nothing : html` <span class="badge">${role === 'admin' ? 'Admin' : 'Creator'}</span>`}</span>
					${
						isAdmin && phone !== own && role !== 'superadmin'
							? html`<span class="member-actions">
									<button type="button" class="small" aria-label="${role === 'admin' ? 'No longer admin' : 'Make admin'}: ${name}" @click=${() => act(role === 'admin' ? 'demote' : 'promote', phone)}>${role === 'admin' ? 'No longer admin' : 'Make admin'}</button>
									<button type="button" class="small danger" aria-label="Remove ${name}" @click=${() => act('remove', phone)}>Remove</button>
								</span>`
							: nothing
					}
				</li>`,
			)}
		</ul>
	`;
}
