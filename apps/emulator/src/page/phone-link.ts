import { createHmac } from 'node:crypto';

/**
 * The address of the phone page. Where the admin API asks for its token the address carries a key in its fragment, which no
 * server ever sees in a request line: the page hands it in once, gets a cookie for it, and takes it out of the address.
 *
 * The key is made from the token, so whoever knows the token can make the link without asking; the token cannot be made from the
 * key. It opens nothing but this simulated network.
 */
export function phonePageLink(origin: string, adminToken: string | undefined): string {
	return adminToken === undefined ? `${origin}/phone` : `${origin}/phone#key=${pageKey(adminToken)}`;
}

export function pageKey(adminToken: string): string {
	return createHmac('sha256', adminToken).update('phone page').digest('base64url');
}
