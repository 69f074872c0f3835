import { type Bus, createGrantVerifier, serve } from '@chat-manager/bus';
import { AppError, type Contract, type Handlers, type MessageContent } from '@chat-manager/contracts';
import { createEventKey, importEventKey, sealEventContent } from '@chat-manager/service';

/**
 * The connectors as this service sees them: a peer on the real bus that seals what it publishes and gives the key out. It can
 * go away and come back, and forget a user's key as an unlinked device does.
 */
export async function createConnectors(bus: Bus, grantPublicKey: string) {
	const keys = new Map<string, ReturnType<typeof createEventKey>>();
	let asked = 0;
	const handlers: Handlers<Contract['connectors'], null> = {
		devices: { get: notPlayed, link: notPlayed, unlink: notPlayed },
		account: { exportDevice: notPlayed },
		eventKeys: {
			async get(_context, { userId, keyId }) {
				asked++;
				const key = keys.get(userId);
				if (key?.keyId !== keyId) throw new AppError('device_not_linked', 'This device is gone.');
				return { key: key.bytes.toString('base64') };
			},
		},
	};
	const start = () =>
		serve(bus, {
			service: 'connectors',
			handlers,
			context: null,
			verifyGrant: createGrantVerifier(grantPublicKey),
		});
	let serving = await start();

	return {
		seal(userId: string, eventId: string, content: MessageContent) {
			const key = keys.get(userId) ?? createEventKey();
			keys.set(userId, key);
			return sealEventContent(importEventKey(key.keyId, key.bytes), eventId, content);
		},
		forget: (userId: string) => keys.delete(userId),
		timesAsked: () => asked,
		goAway: () => serving.stop(),
		async comeBack() {
			serving = await start();
		},
	};
}

async function notPlayed(): Promise<never> {
	throw new AppError('internal', 'Not played in this test.');
}
