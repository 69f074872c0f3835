import { allScopes, type Scope } from '@chat-manager/contracts';

/** Who calls, and what they may do. */
export type Caller = {
	readonly userId: string;
	/** The access token; undefined for a person who is signed in. */
	readonly tokenId: string | undefined;
	readonly scopes: readonly Scope[];
	/** The groups that the token is limited to; null: no limit. */
	readonly groups: readonly string[] | null;
};

/** A person in their own session may do everything that is theirs. */
export function personCaller(userId: string): Caller {
	return { userId, tokenId: undefined, scopes: allScopes, groups: null };
}
