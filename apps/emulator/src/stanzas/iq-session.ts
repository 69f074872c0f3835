import { unlinkDevice } from '../actions/devices.ts';
import { attr } from '../binary/node.ts';
import { endpointOf } from '../network/accounts.ts';
import { Refusal } from '../network/refusal.ts';
import type { IqTable } from './iq-handler.ts';

/** Queries about the connection itself. */
export const sessionQueries: IqTable = {
	'w:p get ping': () => ({}),

	/** The client has its keys in place and asks for what it missed. */
	'passive set active': ({ ctx, caller }) => ({
		after() {
			ctx.post.lineOf(caller)?.open();
			ctx.deviceReady(caller);
		},
	}),

	/** Logout: a device removes itself, or another device of its account. */
	'md set remove-companion-device': ({ ctx, caller, request }) => {
		const target = endpointOf(ctx.network, attr(request, 'jid'));
		if (!target || target.account !== caller.account || target.deviceId === 0) {
			throw new Refusal(404, 'The account has no such device.');
		}
		return { after: () => unlinkDevice(ctx, target) };
	},
};
