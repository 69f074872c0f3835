import { createHmac } from 'node:crypto';

/**
 * The address of the phone page. Where the admin API asks for its token the address carries a key in its fragment, which no
 * server ever sees in a request line: the page hands it in once, gets a cookie for it, and takes it out of the address.
 *
 * The key is made from the token, so whoever knows the token can make the link without asking; the token cannot be made from the
 * key. It opens nothing but this simulated network. `phone` says whose phone it is at first, and `qr`, the text of a QR code that
 * a client shows, opens the page where that is scanned with one click.
 */
export function phonePageLink(
	origin: string,
	adminToken: string | undefined,
	{ phone, qr }: { readonly phone?: string; readonly qr?: string } = {},
): string {
	const fragment = new URLSearchParams({
		...(adminToken !== undefined && { key: pageKey(adminToken) }),
		...(phone !== undefined && { phone }),
		...(qr !== undefined && { qr }),
	});
	return fragment.size === 0 ? `${origin}/phone` : `${origin}/phone#${fragment}`;
}

export function pageKey(adminToken: string): string {
	return createHmac('sha256', adminToken).update('phone page').digest('base64url');
}
