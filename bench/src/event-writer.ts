import { randomUUID } from 'node:crypto';
import { type Bus, type BusEvent, createGrantVerifier, serve } from '@chat-manager/bus';
import { AppError, type Contract, type Handlers, type MessageContent } from '@chat-manager/contracts';
import type { System } from '@chat-manager/dev-env';
import { createEventKey, importEventKey, sealEventContent } from '@chat-manager/service';
import { sentence } from './words.ts';

const membersPerGroup = 40;
const groupsPerUser = 5;

/**
 * What connectors publish, without sockets: so many users with starred groups, whose messages are sealed as in real life. It
 * answers for the connectors on the bus, which are asked for the keys.
 */
export async function openEventWriter(system: System, bus: Bus, { users = 100 } = {}) {
	const keys = new Map(Array.from({ length: users }, (_, index) => [`user-${index}`, createEventKey()]));
	const imported = new Map(
		[...keys].map(([userId, { keyId, bytes }]) => [userId, importEventKey(keyId, bytes)]),
	);
	const handlers: Handlers<Contract['connectors'], null> = {
		devices: { get: notPlayed, link: notPlayed, unlink: notPlayed },
		account: { exportDevice: notPlayed },
		eventKeys: {
			async get(_context, { userId, keyId }) {
				const key = keys.get(userId);
				if (key?.keyId !== keyId) throw new AppError('device_not_linked', 'This device is gone.');
				return { key: key.bytes.toString('base64') };
			},
		},
	};
	const verifyGrant = createGrantVerifier(system.secrets.grantPublicKey);
	const serving = await serve(bus, { service: 'connectors', handlers, context: null, verifyGrant });
	const groups = [...keys.keys()].flatMap((userId, index) =>
		Array.from({ length: groupsPerUser }, (_, place) => ({
			userId,
			jid: `12036302524${String(index * groupsPerUser + place).padStart(7, '0')}@g.us`,
		})),
	);

	return {
		/** One for each group, with its members. */
		stars(): BusEvent<'group.starred'>[] {
			const at = new Date().toISOString();
			const members = Array.from({ length: membersPerGroup }, (_, index) => ({
				...person(index),
				role: index === 0 ? ('owner' as const) : ('member' as const),
			}));
			return groups.map(({ userId, jid }) => ({
				id: randomUUID(),
				at,
				userId,
				groupJid: jid,
				type: 'group.starred',
				data: { name: `Group ${jid}`, description: null, takenAt: at, members },
			}));
		},
		/** Of all groups in turn, each by some of its members more than by the others. */
		messages(count: number): BusEvent<'message.received'>[] {
			return Array.from({ length: count }, (_, index) => {
				const { userId, jid } = groups[(index * 7919) % groups.length] ?? { userId: '', jid: '' };
				const id = randomUUID();
				const content: MessageContent = { text: sentence(), media: null, mentions: [], replyTo: null };
				const key = imported.get(userId);
				if (key === undefined) throw new Error(`${userId} has no key`);
				return {
					id,
					at: new Date().toISOString(),
					userId,
					groupJid: jid,
					type: 'message.received',
					data: {
						messageId: `3EB0${randomUUID().replaceAll('-', '').slice(0, 18).toUpperCase()}`,
						sender: { ...person(Math.floor(membersPerGroup * Math.random() ** 2)), isYou: false },
						kind: 'text',
						content: sealEventContent(key, id, content),
					},
				};
			});
		},
		keyOf: (userId: string) => imported.get(userId),
		[Symbol.asyncDispose]: () => serving.stop(),
	};
}

export type EventWriter = Awaited<ReturnType<typeof openEventWriter>>;

function person(index: number) {
	const number = String(10_000_000 + index);
	return { jid: `987654${number}@lid`, name: `Member ${index}`, phone: `+1555${number}` };
}

async function notPlayed(): Promise<never> {
	throw new AppError('internal', 'Only keys are asked for here.');
}
