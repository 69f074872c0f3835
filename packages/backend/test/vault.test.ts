import { AppError } from '@chat-manager/contracts';
import { createEnvelope, MasterKeys } from '@chat-manager/service';
import { expect, it } from 'vitest';
import { createEventKeys } from '../src/event-keys.ts';
import { isOutage, sayUnavailable } from '../src/outage.ts';
import { createVault } from '../src/vault.ts';

const masterKeys = MasterKeys.parse(`k1:${Buffer.alloc(32, 7).toString('base64')}`);

function vaultOf(service: string) {
	const envelope = createEnvelope({ masterKeys });
	const keys = new Map<string, ReturnType<typeof envelope.newDataKey>>();
	const get = async (userId: string) => {
		const key = keys.get(userId) ?? envelope.newDataKey();
		keys.set(userId, key);
		return key;
	};
	const renew = async () => {
		throw new Error('not asked here');
	};
	const keyring = { get, destroy: async () => {}, forget: () => {}, renew, rewrapAll: async () => 0 };
	return {
		vault: createVault({ service, envelope, keyring }),
		shared: createVault({ service: 'other', envelope, keyring }),
	};
}

it('opens what it sealed, in the same place only', async () => {
	const { vault, shared } = vaultOf('storage');
	const place = { userId: 'u1', row: 'messages/1' };
	const sealed = await vault.seal(place, 'what was said');
	expect(sealed.includes('what was said')).toBe(false);
	expect((await vault.open(place, sealed)).toString()).toBe('what was said');
	for (const other of [
		{ ...place, row: 'messages/2' },
		{ ...place, userId: 'u2' },
	]) {
		await expect(vault.open(other, sealed)).rejects.toMatchObject({ code: 'internal' });
	}
	await expect(shared.open(place, sealed)).rejects.toMatchObject({ code: 'internal' });
	sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
	await expect(vault.open(place, sealed)).rejects.toMatchObject({ code: 'internal' });
});

it('asks once for a key, however many want it, and again after a failure', async () => {
	let asked = 0;
	let fails = true;
	const get = async () => {
		asked++;
		if (fails) throw new AppError('unavailable', 'The connectors are away.');
		return { key: Buffer.alloc(32, asked).toString('base64') };
	};
	const never = async () => {
		throw new Error('not asked here');
	};
	const keys = createEventKeys(
		{
			eventKeys: { get },
			devices: { get: never, link: never, unlink: never },
			account: { exportDevice: never },
		},
		{ maxCached: 2 },
	);
	await expect(keys.get({ userId: 'u1', keyId: 'k1' })).rejects.toMatchObject({ code: 'unavailable' });
	fails = false;
	const [one, same] = await Promise.all([
		keys.get({ userId: 'u1', keyId: 'k1' }),
		keys.get({ userId: 'u1', keyId: 'k1' }),
	]);
	expect(one).toBe(same);
	expect(asked).toBe(2);
	await keys.get({ userId: 'u2', keyId: 'k2' });
	await keys.get({ userId: 'u3', keyId: 'k3' });
	expect(await keys.get({ userId: 'u1', keyId: 'k1' })).not.toBe(one); // It was the one used least recently.
});

it('tells an outage from a mistake', () => {
	const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
	expect(isOutage(refused)).toBe(true);
	expect(isOutage(new AppError('unavailable', 'x'))).toBe(true);
	expect(isOutage(Object.assign(new Error('deadlock'), { code: '40P01' }))).toBe(true);
	expect(isOutage(new AppError('invalid_input', 'x'))).toBe(false);
	expect(isOutage(new Error('bug'))).toBe(false);
	expect(sayUnavailable(refused)).toMatchObject({ code: 'unavailable', cause: refused });
	const bug = new Error('bug');
	expect(sayUnavailable(bug)).toBe(bug);
});
