import type { OpenChat, Screen } from '../src/screen/schema.ts';

/** What the page knows beside what the network shows: where one looks, what is half written, which dialog is open. */
export type State = {
	readonly screen: Screen | undefined;
	/** `locked` asks for the key of the link; `lost` tries again by itself. */
	readonly connection: 'opening' | 'live' | 'lost' | 'locked';
	readonly place: Place;
	readonly tab: 'chats' | 'devices';
	readonly details: boolean;
	readonly dialog: Dialog | undefined;
	readonly notice: { readonly text: string; readonly failed: boolean } | undefined;
	/** The message that the composer answers or edits. */
	readonly about: { readonly kind: 'reply' | 'edit'; readonly id: string } | undefined;
	/** Who writes, where it is not the person whose phone this is. */
	readonly writer: string | undefined;
};

/** Whose phone, and which chat of it: what the address of the page says, too. */
export type Place = { readonly phone?: string; readonly chat?: string; readonly limit: number };

/** What is left out stays; undefined is nowhere. */
export type Change = { readonly [Key in keyof Place]?: Place[Key] | undefined };

export type Dialog =
	| { readonly kind: 'link'; readonly qr?: string }
	| { readonly kind: 'people' | 'new-chat' | 'new-group' | 'join' | 'poll' | 'add-people' }
	| { readonly kind: 'message'; readonly id: string };

export const PAGE_OF_MESSAGES = 60;

export type Store = {
	readonly state: State;
	set(change: Partial<State>): void;
	/** Goes to another phone or chat; `back` of the browser leads here again when `remember` is set. */
	go(place: Change, remember?: boolean): void;
	/** Calls the admin API; what it refuses becomes a notice, and then the answer is undefined. */
	call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer | undefined>;
	say(text: string, failed?: boolean): void;
	unlock(key: string): Promise<void>;
};

/** An answer of the admin API, which the page reads only in passing. */
export type Answer = Readonly<Record<string, unknown>>;

export function openChatOf({ screen, place }: State): OpenChat | undefined {
	const open = screen?.phone?.open;
	return open?.id === place.chat && screen?.phone?.phone === place.phone ? open : undefined;
}

/** Who writes in the open chat. */
export function writerOf(state: State): string | undefined {
	const open = openChatOf(state);
	const isMember = open?.members.some(({ phone }) => phone === state.writer) ?? false;
	return isMember ? state.writer : state.screen?.phone?.phone;
}
