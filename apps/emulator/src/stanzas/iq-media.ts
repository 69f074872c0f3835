import { node } from '../binary/node.ts';
import type { IqTable } from './iq-handler.ts';

const LIFETIME_SECONDS = '3600';

/** Where media is uploaded to, and downloaded from when a message names no host. */
export const mediaQueries: IqTable = {
	'w:m set media_conn': ({ ctx }) => ({
		content: [
			node(
				'media_conn',
				{ auth: ctx.media.auth, ttl: LIFETIME_SECONDS, auth_ttl: LIFETIME_SECONDS, max_buckets: '12' },
				[node('host', { hostname: ctx.media.host(), type: 'primary' })],
			),
		],
	}),
};
