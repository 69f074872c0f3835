import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { makeSessionsTakeTurns, sessionTurn } from '../src/whatsapp/session-turns.ts';
import { createSignalDevice } from './support/signal-device.ts';

const me = '100000000000001@lid';
const phone = '200000000000001@lid';

it('keeps what a send did to a session, when the answer comes before the send has ended', async () => {
	const { mine, theirs, say, hear } = await converse();
	const outside = AsyncLocalStorage.snapshot();
	const sent = Promise.withResolvers<void>();
	const decrypted = Promise.withResolvers<void>();
	let answered = Promise.resolve();
	await mine.keys.transaction(async () => {
		await hear(await say('one'));
		const answer = await theirs.repository.encryptMessage({ jid: me, data: Buffer.from('answer') });
		answered = outside(() =>
			mine.keys.transaction(async () => {
				await mine.repository.decryptMessage({ jid: phone, ...answer });
				decrypted.resolve();
				await sent.promise; // It is captured meanwhile.
			}, sessionTurn),
		);
		await decrypted.promise;
	}, me);
	sent.resolve();
	await answered;
	expect(await hear(await say('two'))).toBe('two');
});

it('has committed what is sent before anybody can write it', async () => {
	const { mine, say, hear } = await converse();
	const before = mine.written.length;
	const failed = mine.keys.transaction(async () => {
		await hear(await say('one'));
		throw new Error('the process ends here');
	}, me);
	await expect(failed).rejects.toThrow();
	expect(mine.written.slice(before)).toEqual(['session']);
	expect(await hear(await say('two'))).toBe('two');
});

it('commits the encryptions for many devices together, and fails those alone that have no session', async () => {
	const { mine } = await converse();
	const others = await Promise.all(
		Array.from({ length: 20 }, async (_, index) => {
			const jid = `30000000000000${index}@lid`;
			await mine.repository.injectE2ESession({ jid, session: createSignalDevice().publicKeys });
			return jid;
		}),
	);
	const before = mine.written.length;
	const outcomes = await Promise.allSettled(
		[...others, '999999999999999@lid'].map((jid) =>
			mine.repository.encryptMessage({ jid, data: Buffer.from('to all') }),
		),
	);
	expect(outcomes.map(({ status }) => status)).toEqual([...others.map(() => 'fulfilled'), 'rejected']);
	expect(mine.written.slice(before)).toEqual(['session']);
});

/** Two devices that have heard from each other. */
async function converse() {
	const device = createSignalDevice();
	const mine = { ...device, repository: makeSessionsTakeTurns(device.repository, device.keys) };
	const theirs = createSignalDevice();
	const say = (text: string) => mine.repository.encryptMessage({ jid: phone, data: Buffer.from(text) });
	const hear = async (sent: Awaited<ReturnType<typeof say>>) =>
		Buffer.from(await theirs.repository.decryptMessage({ jid: me, ...sent })).toString();
	await mine.repository.injectE2ESession({ jid: phone, session: theirs.publicKeys });
	await hear(await say('hello'));
	const greeting = await theirs.repository.encryptMessage({ jid: me, data: Buffer.from('hello') });
	await mine.repository.decryptMessage({ jid: phone, ...greeting });
	return { mine, theirs, say, hear };
}
