import { type Bus, createGrantKeys, createGrantVerifier, serve } from '@chat-manager/bus';
import { AppError } from '@chat-manager/contracts';
import { createEventKey, type EventKey, importEventKey } from '@chat-manager/service';

/** Stands where the connectors stand on the bus: answers who asks for the key of a user's events. */
export async function serveConnectors(connect: () => Promise<Bus>) {
	const keys = new Map<string, Buffer>();
	const asked: string[] = [];
	const bus = await connect();
	const refuse = async (): Promise<never> => {
		throw new AppError('device_not_linked', 'There is no device here.');
	};
	await serve(bus, {
		service: 'connectors',
		context: {},
		verifyGrant: createGrantVerifier(createGrantKeys().publicKey),
		handlers: {
			devices: { get: refuse, link: refuse, unlink: refuse },
			account: { exportDevice: refuse },
			eventKeys: {
				async get(_context, { userId, keyId }) {
					asked.push(userId);
					return { key: (keys.get(`${userId}/${keyId}`) ?? (await refuse())).toString('base64') };
				},
			},
		},
	});
	return {
		/** Of which users keys were asked for. */
		asked,
		newKey(userId: string): EventKey {
			const { keyId, bytes } = createEventKey();
			keys.set(`${userId}/${keyId}`, bytes);
			return importEventKey(keyId, bytes);
		},
		[Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
	};
}

export type Connectors = Awaited<ReturnType<typeof serveConnectors>>;
