import { allScopes, type Confirmation, type Scope } from '@chat-manager/contracts';

/** Who calls, and what they may do. */
export type Caller = {
	readonly userId: string;
	/** The access token; undefined for a person who is signed in. */
	readonly tokenId: string | undefined;
	readonly scopes: readonly Scope[];
	/** The groups that the token is limited to; null: no limit. */
	readonly groups: readonly string[] | null;
	/** Whether nothing may be changed. */
	readonly readOnly: boolean;
	/** When a person is asked before something destructive or far-reaching happens. */
	readonly confirmation: Confirmation;
	/** A message to a group with more members than this is far-reaching. */
	readonly confirmAboveMembers: number;
};

/** A person in their own session may do everything that is theirs, and does it themselves. */
export function personCaller(userId: string): Caller {
	return {
		userId,
		tokenId: undefined,
		scopes: allScopes,
		groups: null,
		readOnly: false,
		confirmation: 'never',
		confirmAboveMembers: Number.POSITIVE_INFINITY,
	};
}
