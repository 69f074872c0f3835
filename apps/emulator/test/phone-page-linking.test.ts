import { encodeQR } from 'qr';
import { describe, expect, it } from 'vitest';
import { phonePageLink } from '../src/page/phone-link.ts';
import { opened } from './support/link.ts';
import { ANA, BERTA, MAHMUD, usePhonePage } from './support/phone-page.ts';

describe('linking on the phone page', () => {
	const on = usePhonePage();

	it('links a client by the text of its QR code, switches its network off and on, and unlinks it', async () => {
		const { client, qr } = await on.waitingClient('by text');
		await on.openLinking(ANA);
		await on.page.getByText(/Chrome \(Mac OS\)/).waitFor();
		await on.page.getByLabel(/Text of the QR code/).fill(qr);
		await on.page.getByRole('button', { name: 'Scan', exact: true }).click();
		await opened(client);
		await on.page.getByText(/^Online/).waitFor();
		await on.page.getByRole('switch', { name: 'For this person’s devices' }).uncheck();
		await client.until(({ connections }) => connections().some(({ code }) => code === 428), 'the cut');
		await on.page.getByText('The network is off for the devices of this person.').waitFor();
		await on.page.getByText(/^Offline/).waitFor();
		await on.page.getByRole('button', { name: 'Switch it on' }).click();
		await on.page.getByText('The network is off').waitFor({ state: 'detached' });
		await on.page.getByRole('button', { name: 'Unlink' }).click();
		await on.page.getByText('No device is linked to this phone yet.').waitFor();
		expect(on.world.emulator.devices.list(ANA)).toEqual([]);
	});

	it('links a client by a picture of its QR code', async () => {
		const { client, qr } = await on.waitingClient('by picture');
		await on.openLinking(BERTA);
		const picture = {
			name: 'qr.gif',
			mimeType: 'image/gif',
			buffer: Buffer.from(encodeQR(qr, 'gif', { scale: 4 })),
		};
		await on.page.getByLabel('From a picture').setInputFiles(picture);
		await opened(client);
		await on.page.getByText(/^Online/).waitFor();
	});

	it('links a client with one click when its QR code was held up, or came with the link', async () => {
		const held = await on.waitingClient('held up');
		const response = await fetch(`${on.world.emulator.adminUrl}/mock-phone/show-qr`, {
			method: 'POST',
			body: held.qr,
		});
		expect(await response.json()).toMatchObject({ shown: true });
		await on.openLinking(MAHMUD);
		await on.page.getByRole('button', { name: 'Scan its QR code' }).click();
		await opened(held.client);
		const linked = await on.waitingClient('by link');
		await on.page.goto('about:blank');
		await on.page.goto(
			phonePageLink(new URL(on.world.emulator.phoneUrl).origin, 'a-token', { phone: MAHMUD, qr: linked.qr }),
		);
		await on.page.getByRole('button', { name: 'Scan', exact: true }).click();
		await opened(linked.client);
		await on.page.getByRole('button', { name: 'Linked devices (2)' }).waitFor();
	});

	it('enters the code that a client shows, and says so when it is wrong', async () => {
		const { client } = await on.waitingClient('by code');
		const code = await client.call('requestPairingCode', ANA);
		await on.openLinking(ANA);
		await on.page.getByText(`shows a code for +${ANA}`).waitFor();
		await on.page.getByLabel(/Text of the QR code/).fill('nonsense');
		await on.page.getByRole('button', { name: 'Scan', exact: true }).click();
		await on.page.getByText('No client that is waiting to be linked shows this QR code.').waitFor();
		await on.page.getByLabel(/Or the code that the client shows/).fill(code);
		await on.page.getByRole('button', { name: 'Enter the code' }).click();
		await opened(client);
		expect(on.complaints.splice(0).every((text) => text.includes('404'))).toBe(true);
	});
});
