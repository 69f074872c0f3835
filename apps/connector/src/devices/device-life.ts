/**
 * The life of a device, as its person sees it. One connection after the other is opened with the stored credentials; what
 * follows from the end of each is decided here, by why it ended.
 *
 *   unlinked           nothing is linked. Asking for a link leads to:
 *   linking            no credentials yet. A QR code is shown, renewed by WhatsApp, for about 160 seconds in all; or one
 *                      code to type into the phone, for as long. Scanned or typed, WhatsApp asks for a restart (515), and
 *                      with credentials now it goes on as *connecting*. Nobody did it in time, the code did not fit, or
 *                      WhatsApp broke off five times: *unlinked*, and the reason says which. What an attempt leaves behind
 *                      is thrown away: with half of its credentials the next one would be refused as logged out.
 *   passkey_required   while linking, WhatsApp asked for a passkey, which only a browser or a phone can give: the end.
 *   connecting         credentials are there; logging in
 *   connected          logged in. A connection on which nothing arrives, not even an answer to our own pings, is ended
 *                      after the interval of the pings and a few seconds more.
 *   reconnecting       it broke and is made again, at first after half a second, later each time, up to a minute (with
 *                      jitter, so that many do not come back at once); at the first restart (515) at once
 *   offline            the same after five attempts, or because WhatsApp said to wait: then not before the time that it
 *                      named, or that grows from a minute (429) or is an hour (refused as too old: until an update)
 *   replaced           another program logged in with these credentials (440). The lease makes sure that it is none of
 *                      ours: it is not fought, and the person decides. Its keys move on from there, so that ours would
 *                      read nothing and use old ones again: they are destroyed, and coming back means linking anew
 *   logged_out         the device was removed on the phone (401), or the link is void: the credentials are destroyed
 *   restricted         the account is banned or locked (403, 406), for good or for a while (402: logged in again after it),
 *                      or this program is too old (405)
 *
 * From *replaced*, *logged_out*, *passkey_required*, *restricted* for good and *unlinked* nothing is tried any more; only the
 * person's asking leads to *linking* again. A lost lease ends everything at once and in silence: somebody else has it now.
 */
import type { DeviceReason, DeviceState } from '@chat-manager/contracts';

/** Why a connection ended. `code` is that of Baileys: WhatsApp's own, or 408 for silence, 428 for a broken connection. */
export type Ending = {
	code: number;
	/** It was linked on this connection. */
	isNewLogin: boolean;
	/** WhatsApp has no more QR codes to show: nobody scanned one, or typed the code. */
	isRunOut: boolean;
	/** The person typed the code into the phone. */
	isCodeTyped: boolean;
	/** WhatsApp's code for not giving a code to type. */
	codeRefusal: number | null;
	needsPasskey: boolean;
	/** For how long WhatsApp wants to be left alone, where it says so. */
	waitMs: number | null;
};

/** `afterMs`: when to connect again; null: never, and what is left of the link is destroyed. */
export type Next = { state: DeviceState; reason: DeviceReason | null; afterMs: number | null };

export type Attempt = {
	wasLinked: boolean;
	method: 'qr' | 'code';
	/** How many connections in a row have ended before they had lasted a minute. */
	failures: number;
	random?: () => number;
};

/** How often in a row a connection may break off while linking. */
const linkAttempts = 5;
const minuteMs = 60_000;
const longestWaitMs = 24 * 60 * minuteMs;

export function afterEnding(ending: Ending, attempt: Attempt): Next {
	const { code, isNewLogin } = ending;
	const { failures, random } = attempt;
	if (isNewLogin) return { state: 'connecting', reason: null, afterMs: 0 };
	if (!attempt.wasLinked) return afterLinking(ending, attempt);
	const again = (state: DeviceState, reason: DeviceReason | null, afterMs: number): Next => ({
		state,
		reason,
		afterMs: Math.min(longestWaitMs, Math.max(afterMs, ending.waitMs ?? 0)),
	});
	switch (code) {
		case 401:
			return end('logged_out', 'removed_on_phone');
		case 409:
		case 411:
		case 419:
			return end('logged_out', 'link_void');
		case 403:
		case 406:
			return end('restricted', 'banned');
		case 440:
			return end('replaced', null);
		case 402:
			return again('restricted', 'banned_for_a_while', ending.waitMs ?? 60 * minuteMs);
		case 405:
			return again('restricted', 'client_too_old', 60 * minuteMs);
		case 429:
			return again('offline', 'asked_to_wait', minuteMs * 2 ** Math.min(failures, 4));
		case 515:
			if (failures === 0) return again('reconnecting', null, 0);
	}
	const state = failures < 5 ? 'reconnecting' : 'offline';
	return again(state, ending.waitMs === null ? null : 'asked_to_wait', reconnectDelayMs(failures, random));
}

/** Doubles from half a second to a minute, each between half and the whole of it, so that many do not come back at once. */
function reconnectDelayMs(failures: number, random: () => number = Math.random): number {
	const ceilingMs = Math.min(minuteMs, 500 * 2 ** Math.min(failures, 10));
	return ceilingMs * (0.5 + random() / 2);
}

function afterLinking(ending: Ending, { method, failures, random }: Attempt): Next {
	const { code, codeRefusal } = ending;
	if (ending.needsPasskey) return end('passkey_required', null);
	if (ending.isCodeTyped) return end('unlinked', 'code_refused');
	if (codeRefusal !== null) return end('unlinked', codeRefusal === 429 ? 'asked_to_wait' : 'code_refused');
	if (ending.isRunOut) return end('unlinked', method === 'code' ? 'code_expired' : 'qr_expired');
	switch (code) {
		case 429:
			return end('unlinked', 'asked_to_wait');
		case 405:
			return end('restricted', 'client_too_old');
		case 402:
			return end('restricted', 'banned_for_a_while');
		case 403:
		case 406:
			return end('restricted', 'banned');
	}
	if (failures >= linkAttempts) return end('unlinked', 'unreachable');
	return { state: 'linking', reason: null, afterMs: reconnectDelayMs(failures, random) };
}

function end(state: DeviceState, reason: DeviceReason | null): Next {
	return { state, reason, afterMs: null };
}
