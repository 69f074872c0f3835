import { type Endpoint, lidOf, pnOf } from './accounts.ts';
import type { Account, Group } from './state.ts';

/**
 * Members of a group are known by hidden id, or in some groups by number. Wherever one is named the other address stands
 * beside it, under a name that depends on which one it is.
 */
export type GroupAddress = {
	readonly jid: string;
	/** As a child `<participant>`. */
	readonly asChild: Readonly<Record<string, string>>;
	/** As attributes of a stanza. */
	readonly asAttrs: Readonly<Record<string, string>>;
};

export function addressIn(group: Pick<Group, 'addressing'>, { account, deviceId }: Endpoint): GroupAddress {
	const endpoint = { account, deviceId };
	const [pn, lid] = [pnOf(endpoint), lidOf(endpoint)];
	return group.addressing === 'lid'
		? {
				jid: lid,
				asChild: { jid: lid, phone_number: pn },
				asAttrs: { participant: lid, participant_pn: pn, addressing_mode: 'lid' },
			}
		: {
				jid: pn,
				asChild: { jid: pn, lid },
				asAttrs: { participant: pn, participant_lid: lid, addressing_mode: 'pn' },
			};
}

/** The same for a person, whichever device. */
export function personIn(group: Pick<Group, 'addressing'>, account: Account): GroupAddress {
	return addressIn(group, { account, deviceId: 0 });
}
