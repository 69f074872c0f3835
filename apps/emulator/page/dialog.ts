import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { addPeople, join, newChat, newGroup, poll } from './dialogs-of-chats.ts';
import { linkDevice } from './link-device.ts';
import { messageActions } from './message-actions.ts';
import { people } from './people.ts';
import type { Dialog, Store } from './state.ts';

/** The one dialog that is open. The browser keeps the focus in it, and Escape closes it. */
export function dialog(store: Store): TemplateResult | typeof nothing {
	const open = store.state.dialog;
	if (!open) return nothing;
	const close = () => store.set({ dialog: undefined });
	return html`<dialog class="dialog" aria-labelledby="dialog-title" ${ref(show)} @close=${close} @click=${closeOutside}>
		<div class="dialog-body">
			<header class="bar"><h2 id="dialog-title">${TITLES[open.kind]}</h2><button type="button" class="plain" aria-label="Close" @click=${close}>✕</button></header>
			<div class="padded stack">${body(store, open)}</div>
		</div>
	</dialog>`;
}

const TITLES: Readonly<Record<Dialog['kind'], string>> = {
	people: 'Whose phone?',
	link: 'Link a device',
	'new-chat': 'New chat',
	'new-group': 'New group',
	join: 'Join a group',
	poll: 'Ask a poll',
	'add-people': 'Add people',
	message: 'Message',
};

function body(store: Store, open: Dialog): TemplateResult {
	switch (open.kind) {
		case 'people':
			return people(store);
		case 'link':
			return linkDevice(store, open.qr);
		case 'new-chat':
			return newChat(store);
		case 'new-group':
			return newGroup(store);
		case 'join':
			return join(store);
		case 'poll':
			return poll(store);
		case 'add-people':
			return addPeople(store);
		case 'message':
			return messageActions(store, open.id);
	}
}

function show(element: Element | undefined): void {
	// It is not in the document yet when the library hands it over.
	queueMicrotask(() => {
		if (element instanceof HTMLDialogElement && element.isConnected && !element.open) element.showModal();
	});
}

/** A click on the dialog itself, and on nothing in it, is one on what lies behind. */
function closeOutside(event: MouseEvent): void {
	if (event.target instanceof HTMLDialogElement) event.target.close();
}
