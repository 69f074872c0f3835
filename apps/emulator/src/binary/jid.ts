/**
 * WhatsApp addresses. A person has two: the phone number (`15550001111@s.whatsapp.net`) and the hidden id, the LID
 * (`123@lid`). A device is `user:7@server`; device 0, the phone, is written without a number. Groups are `id@g.us`.
 */
export const SERVER = '@s.whatsapp.net';

export type Jid = { readonly user: string; readonly device: number; readonly server: string };

/** Lenient, as addresses arrive from clients; nothing is returned for text that is no address at all. */
export function parseJid(value: string): Jid | undefined {
	const known = parsed.get(value);
	if (known) return known;
	const jid = parse(value);
	if (!jid) return undefined;
	if (parsed.size >= MAX_PARSED) parsed.clear();
	parsed.set(value, jid);
	return jid;
}

/** The same few thousand addresses come again and again. */
const parsed = new Map<string, Jid>();
const MAX_PARSED = 50_000;

function parse(value: string): Jid | undefined {
	const at = value.indexOf('@');
	if (at < 0) return undefined;
	const [user = '', device = '0'] = value.slice(0, at).split(':');
	const number = Number(device);
	if (!Number.isInteger(number) || number < 0 || number > 255) return undefined;
	return { user, device: number, server: value.slice(at + 1) };
}

export function pnJid(phone: string, device = 0): string {
	return device === 0 ? `${phone}@s.whatsapp.net` : `${phone}:${device}@s.whatsapp.net`;
}

export function lidJid(lid: string, device = 0): string {
	return device === 0 ? `${lid}@lid` : `${lid}:${device}@lid`;
}

export function groupJid(id: string): string {
	return `${id}@g.us`;
}

export function isGroupJid(value: string): boolean {
	return value.endsWith('@g.us');
}

export function isLidJid(value: string): boolean {
	return value.endsWith('@lid');
}
