import type { Screen } from '../src/screen/schema.ts';
import { type Change, PAGE_OF_MESSAGES, type Place, type State, type Store } from './state.ts';

const NOTICE_MS = 6000;

/**
 * The one place where the page's state changes. What the network shows comes by server-sent events for the place that is looked
 * at, and draws everything anew; drawing is cheap, since only what differs is touched.
 */
export function createStore(draw: (store: Store) => void): Store {
	let source: EventSource | undefined;
	let notice: ReturnType<typeof setTimeout> | undefined;
	let scheduled = false;
	/** What was last said to be read. */
	let read = '';
	let state: State = {
		screen: undefined,
		connection: 'opening',
		place: placeOf(new URLSearchParams(location.hash.slice(1))),
		tab: 'chats',
		details: false,
		dialog: undefined,
		notice: undefined,
		about: undefined,
		writer: undefined,
	};

	function set(change: Partial<State>): void {
		state = { ...state, ...change };
		if (scheduled) return;
		scheduled = true;
		queueMicrotask(() => {
			scheduled = false;
			draw(store);
		});
	}
	function listen(): void {
		source?.close();
		const { phone, chat, limit } = state.place;
		const query = new URLSearchParams({
			...(phone && { phone }),
			...(chat && { chat }),
			limit: String(limit),
		});
		source = new EventSource(`/admin/screen/live?${query}`);
		source.onmessage = ({ data }: MessageEvent<string>) => show(JSON.parse(data) as Screen);
		source.onerror = () => void lost(source);
	}
	/** A browser comes back by itself after a lost connection, but not after a refusal. */
	async function lost(from: EventSource | undefined): Promise<void> {
		if (from?.readyState !== EventSource.CLOSED) {
			set({ connection: 'lost' });
			return;
		}
		const response = await fetch('/admin/screen').catch(() => undefined);
		if (source !== from) return;
		if (response?.status === 401) set({ connection: 'locked' });
		else if (response?.ok && (state.place.phone ?? state.place.chat) !== undefined)
			go({ phone: undefined, chat: undefined });
		else {
			set({ connection: 'lost' });
			setTimeout(listen, 1000);
		}
	}
	function show(screen: Screen): void {
		set({ screen, connection: 'live' });
		const [first] = screen.accounts;
		if (screen.phone === undefined && first) go({ phone: first.phone });
		markRead(screen);
	}
	/** Whoever has a chat open before them reads what comes, and their phone says so. */
	function markRead({ phone }: Screen): void {
		const newest = phone?.open?.bubbles.findLast(({ own }) => !own);
		if (!phone?.open || !newest || document.hidden) return;
		const key = `${phone.phone} ${phone.open.id} ${newest.id}`;
		if (read === key) return;
		read = key;
		void call('POST', `/accounts/${phone.phone}/read`, { chat: phone.open.id });
	}
	function go(place: Change, remember = false): void {
		const { phone, chat, limit = PAGE_OF_MESSAGES } = { ...state.place, limit: undefined, ...place };
		const next = { ...(phone !== undefined && { phone }), ...(chat !== undefined && { chat }), limit };
		const address = new URLSearchParams({ ...(phone && { phone }), ...(chat && { chat }) });
		history[remember ? 'pushState' : 'replaceState'](null, '', `#${address}`);
		move(next);
	}
	function move(place: Place): void {
		const isOther = place.phone !== state.place.phone || place.chat !== state.place.chat;
		set({ place, ...(isOther && { about: undefined, writer: undefined, details: false }) });
		listen();
	}
	function say(text: string, failed = false): void {
		clearTimeout(notice);
		notice = setTimeout(() => set({ notice: undefined }), NOTICE_MS);
		set({ notice: { text, failed } });
	}
	async function call(method: string, path: string, body?: unknown) {
		try {
			const response = await fetch(`/admin${path}`, {
				method,
				...(body === undefined
					? {}
					: typeof body === 'string'
						? { body, headers: { 'content-type': 'text/plain' } }
						: { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
			});
			const answer = (await response.json()) as Record<string, unknown>;
			if (response.ok) return answer;
			if (response.status === 401) set({ connection: 'locked' });
			say(String(answer.error), true);
		} catch {
			say('The simulated network does not answer.', true);
		}
		return undefined;
	}
	async function unlock(key: string): Promise<void> {
		const headers = { 'content-type': 'application/json' };
		const response = await fetch('/phone/session', {
			method: 'POST',
			headers,
			body: JSON.stringify({ key }),
		});
		if (response.ok) listen();
		else say('That is not the key of this page.', true);
	}
	const store: Store = {
		get state() {
			return state;
		},
		set,
		go,
		call,
		say,
		unlock,
	};
	document.addEventListener('visibilitychange', () => state.screen && markRead(state.screen));
	addEventListener('popstate', () => move(placeOf(new URLSearchParams(location.hash.slice(1)))));
	return store;
}

function placeOf(address: URLSearchParams): Place {
	const [phone, chat] = [address.get('phone'), address.get('chat')];
	return { ...(phone && { phone }), ...(chat && { chat }), limit: PAGE_OF_MESSAGES };
}
