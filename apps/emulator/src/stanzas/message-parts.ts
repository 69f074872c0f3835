import { attr, bytes, child, children, type Stanza } from '../binary/node.ts';
import { seconds } from '../network/context.ts';

const PASSED_ON = ['edit', 'expiration'];

/** What a message carries: one `<enc>` for everybody, others for single devices, and the sender's device identity. */
export type Parts = {
	/** Directly in the message: the sender-key message of a group, or the one of a resent message. */
	readonly shared: readonly Stanza[];
	readonly byDevice: ReadonlyMap<string, readonly Stanza[]>;
	readonly deviceIdentity: readonly Stanza[];
	/** Between simulated phones: the message itself, which never leaves the process. */
	readonly plaintext: readonly Stanza[];
	/** `<reporting>` and whatever else travels along untouched. */
	readonly extras: readonly Stanza[];
};

const OWN = new Set(['enc', 'plaintext', 'participants', 'device-identity', 'meta', 'reporting', 'tctoken']);

export function partsOf(message: Stanza): Parts {
	const recipients = children(child(message, 'participants'), 'to');
	return {
		shared: encsOf(message),
		byDevice: new Map(recipients.map((to) => [attr(to, 'jid'), children(to)])),
		deviceIdentity: children(message, 'device-identity'),
		plaintext: children(message, 'plaintext'),
		extras: children(message).filter(({ tag }) => !OWN.has(tag)),
	};
}

/** The attributes that every copy of a message has in common. */
export function commonAttrs(
	message: Stanza,
	sender: { pushName: string },
	nowMs: number,
): Record<string, string> {
	const attrs: Record<string, string> = {
		id: attr(message, 'id'),
		type: message.attrs.type ?? 'text',
		t: seconds(nowMs),
		notify: sender.pushName,
	};
	for (const name of PASSED_ON) {
		const value = message.attrs[name];
		if (value !== undefined) attrs[name] = value;
	}
	return attrs;
}

function encsOf(parent: Stanza): Stanza[] {
	const encs = children(parent, 'enc');
	for (const enc of encs) bytes(enc);
	return encs;
}
