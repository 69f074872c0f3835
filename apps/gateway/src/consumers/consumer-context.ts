import type { IdentityDatabase } from '../database/identity-database.ts';
import type { Deletions } from '../deletion/deletions.ts';
import type { PostOffice } from '../mail/post-office.ts';
import type { PublicUrl } from '../public-url.ts';

/** What consumers of events may touch. */
export type ConsumerContext = {
	readonly database: IdentityDatabase;
	readonly postOffice: PostOffice;
	readonly publicUrl: PublicUrl;
	readonly deletions: Pick<Deletions, 'noteErased'>;
};
