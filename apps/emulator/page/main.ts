import { render } from 'lit-html';
import { app } from './app.ts';
import { keepAtEnd } from './scrolling.ts';
import type { Store } from './state.ts';
import { createStore } from './store.ts';

/**
 * The link to this page may carry a key (`key=`), the text of a QR code to scan (`qr=`), and whose phone it is (`phone=`), all in
 * its fragment. The first two are taken out of the address before anything else happens.
 */
const root = document.getElementById('app') ?? document.body;
const link = new URLSearchParams(location.hash.slice(1));
const [key, qr] = [link.get('key'), link.get('qr')];
link.delete('key');
link.delete('qr');
history.replaceState(null, '', `#${link}`);
root.replaceChildren();

const store = createStore(draw);
if (key) await store.unlock(key);
store.go({});
if (qr) store.set({ tab: 'devices', dialog: { kind: 'link', qr } });

function draw(drawn: Store): void {
	const pin = keepAtEnd(drawn.state.place.chat);
	render(app(drawn), root);
	pin();
}
