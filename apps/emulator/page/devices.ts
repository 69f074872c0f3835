import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { ShownPhone } from '../src/screen/schema.ts';
import { whenOf } from './parts.ts';
import type { Store } from './state.ts';

/** The devices that are linked to the phone, and the network that they are on. */
export function devices(store: Store): TemplateResult {
	const { screen } = store.state;
	const phone = screen?.phone;
	if (!screen || !phone) return html`<p class="empty">Choose a person first.</p>`;
	const waiting = screen.waiting.length;
	const flip = (offline: string | undefined, device?: string) =>
		offline === undefined
			? store.call('POST', '/faults', { kind: 'offline', ...(device && { device }) })
			: store.call('DELETE', `/faults/${offline}`);
	return html`
		<div class="padded">
			<button type="button" class="primary wide" aria-haspopup="dialog" @click=${() => store.set({ dialog: { kind: 'link' } })}>Link a device</button>
			<p class="soft" role="status">${waiting === 0 ? 'No client waits to be linked.' : waiting === 1 ? 'One client waits to be linked.' : `${waiting} clients wait to be linked.`}</p>
		</div>
		${
			phone.devices.length === 0
				? html`<p class="empty">No device is linked to this phone yet.</p>`
				: html`<ul class="list" aria-label="Linked devices">${repeat(
						phone.devices,
						({ jid }) => jid,
						(device) => html`<li class="device">${one(store, device)}</li>`,
					)}</ul>`
		}
		<section class="padded stack" aria-label="Network">
			<h2>Network</h2>
			<label class="switch"><input type="checkbox" role="switch" .checked=${phone.offline === undefined} @change=${() => void flip(phone.offline, phone.phone)}>For this person’s devices</label>
			<label class="switch"><input type="checkbox" role="switch" .checked=${screen.offline === undefined} @change=${() => void flip(screen.offline)}>For everybody’s devices</label>
			<p class="soft">While it is off, connections are cut and messages wait. The phones themselves keep writing.</p>
		</section>
	`;
}

function one(
	store: Store,
	{ jid, client, online, queueLength, linkedAtMs }: ShownPhone['devices'][number],
): TemplateResult {
	const unlink = async () => {
		if (await store.call('DELETE', `/devices/${jid}`)) store.say('The device is not linked any more.');
	};
	return html`
		<span class="dot ${online ? 'on' : ''}" aria-hidden="true"></span>
		<span class="row-text">
			<span class="strong clip">${client || 'A device'}</span>
			<span class="soft">${online ? 'Online' : 'Offline'}, linked ${whenOf(linkedAtMs)}${queueLength > 0 ? html`, ${queueLength} waiting` : nothing}</span>
		</span>
		<button type="button" class="small danger" @click=${() => void unlink()}>Unlink</button>
	`;
}
