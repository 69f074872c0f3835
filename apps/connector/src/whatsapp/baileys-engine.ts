import { openAuthState } from './auth-state.ts';
import type { Engine } from './engine.ts';
import { openSocket } from './socket.ts';

/** WhatsApp by Baileys. */
export const baileysEngine: Engine = {
	async load(secrets) {
		const auth = await openAuthState(secrets);
		return {
			isLinked: auth.creds.account !== undefined,
			me: auth.me,
			saved: auth.saved,
			connect: (options) => openSocket(auth, options),
		};
	},
};
