import { expect, it } from 'vitest';
import { keepJobsInTheirContext } from '../src/whatsapp/signal-jobs.ts';

keepJobsInTheirContext();
const { createSignalDevice } = await import('./support/signal-device.ts');

const author = '100000000000001@lid';

it('keeps the keys of two users who hear from the same person each in a transaction of their own', async () => {
	const sender = createSignalDevice();
	const receivers = [createSignalDevice(), createSignalDevice()];
	const ciphertexts = await Promise.all(
		receivers.map(async ({ publicKeys }, index) => {
			const jid = `20000000000000${index}@lid`;
			await sender.repository.injectE2ESession({ jid, session: publicKeys });
			return sender.repository.encryptMessage({ jid, data: Buffer.from('hello') });
		}),
	);
	const decrypted: string[] = [];
	await Promise.allSettled(
		receivers.map(({ repository, keys }, index) =>
			keys.transaction(async () => {
				const { type, ciphertext } = ciphertexts[index] ?? expect.fail();
				decrypted.push(
					Buffer.from(await repository.decryptMessage({ jid: author, type, ciphertext })).toString(),
				);
				throw new Error('the message could not be stored');
			}, author),
		),
	);
	expect(decrypted).toEqual(['hello', 'hello']);
	// Rolled back both: at the next delivery both can be read again.
	expect(receivers.map(({ written }) => written)).toEqual([[], []]);
});

it('says so when libsignal is loaded already', () => {
	expect(keepJobsInTheirContext).toThrow('loaded already');
});
