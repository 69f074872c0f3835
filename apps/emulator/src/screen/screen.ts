import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../faults/faults.ts';
import { pnOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import type { Pairing, Pairings } from '../pairing/pairings.ts';
import type { Phones } from '../phone/phones.ts';
import type { Waiters } from '../waiters.ts';
import { chatsOf, otherGroupsOf } from './chats.ts';
import { openChat } from './open-chat.ts';
import type { Screen, ShownPhone, Waiting } from './schema.ts';

/** What a page that plays a phone shows: as it is now, or again after every change. */
export type ScreenApi = {
	show(look: Look): Screen;
	/** Ends when the signal is aborted. What happens within a tenth of a second comes as one. */
	watch(look: Look, signal: AbortSignal): AsyncIterable<Screen>;
};

/** Whose phone, which chat of it, and how many of its newest messages. */
export type Look = { readonly phone?: string; readonly chat?: string; readonly limit?: number };

type Parts = {
	readonly ctx: Context;
	readonly phones: Phones;
	readonly pairings: Pairings;
	readonly faults: Faults;
	readonly waiters: Waiters;
};

const MAX_ACCOUNTS = 500;
const DEFAULT_LIMIT = 60;
const PAUSE_MS = 100;

export function createScreenApi(parts: Parts): ScreenApi {
	const { ctx, pairings, faults, waiters } = parts;
	function show(look: Look): Screen {
		const { accounts } = ctx.network;
		const account = look.phone === undefined ? undefined : accounts.get(look.phone);
		if (look.phone !== undefined && !account) {
			throw new Refusal(404, `There is no account with the number ${look.phone}.`);
		}
		return {
			accounts: [...accounts.values()].slice(0, MAX_ACCOUNTS).map((one) => summary(ctx, one)),
			accountsTotal: accounts.size,
			waiting: pairings.list().map(describeWaiting),
			...offline(faults, undefined),
			...(account && { phone: phoneOf(parts, account, look) }),
		};
	}
	return {
		show,
		async *watch(look, signal) {
			for (let last = ''; !signal.aborted; ) {
				const changed = waiters.nextChange(signal);
				const screen = show(look);
				const text = JSON.stringify(screen);
				if (text !== last) yield screen;
				last = text;
				await changed;
				await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
			}
		},
	};
}

export function describeWaiting({ id, client, shown, code }: Pairing): Waiting {
	return {
		id,
		client,
		shown: shown !== undefined,
		...(code.phone !== undefined && { codeFor: code.phone }),
	};
}

function phoneOf({ ctx, phones, faults }: Parts, account: Account, { chat, limit }: Look): ShownPhone {
	const parts = {
		network: ctx.network,
		owner: account,
		messages: phones.read(account),
		receiptsOf: (id: string) => phones.sent(account, id)?.receipts ?? [],
		nowMs: ctx.nowMs(),
	};
	const messages = parts.messages.filter((message) => message.chat === chat);
	const open =
		chat === undefined ? undefined : openChat({ ...parts, messages }, chat, limit ?? DEFAULT_LIMIT);
	return {
		phone: account.phone,
		name: account.pushName,
		about: account.about,
		...offline(faults, account.phone),
		devices: account.devices.map((device) => ({
			jid: pnOf({ account, deviceId: device.id }),
			client: device.client,
			online: ctx.post.lineOf({ account, deviceId: device.id })?.ready ?? false,
			queueLength: device.queue.length,
			linkedAtMs: device.linkedAtMs,
		})),
		chats: chatsOf(parts),
		otherGroups: otherGroupsOf(ctx.network, account),
		...(open && { open }),
	};
}

function summary({ post }: Context, account: Account): Screen['accounts'][number] {
	const online = account.devices.filter(({ id }) => post.lineOf({ account, deviceId: id })?.ready);
	const { phone, pushName, devices } = account;
	return { phone, name: pushName, devices: devices.length, online: online.length };
}

/** The newest fault that takes the network away from exactly these devices. */
function offline(faults: Faults, device: string | undefined): { offline?: string } {
	const live = faults
		.list()
		.filter(({ fault, spent }) => fault.kind === 'offline' && !spent && fault.device === device);
	const id = live.at(-1)?.id;
	return id === undefined ? {} : { offline: id };
}
