import { importEventKey, openEventContent } from '@chat-manager/service';
import { expect, it, vi } from 'vitest';
import { capturePoints } from '../src/devices/capture-points.ts';
import { admin, startConnectorSystem } from './support/connector-system.ts';

const ana = '15550000001';
const berta = '15550000002';

it.each(capturePoints)('loses and doubles nothing when it dies at %s (complaints 4, 5)', async (point) => {
	await using net = await startConnectorSystem();
	const person = net.person('ana');
	await person.link(ana);
	await net.phone(berta);
	const jid = await net.group(ana, 'Support', [berta]);
	const starred = await person.holder.groups.star({ jid }, person.caller());
	expect(starred).toMatchObject({ jid, name: 'Support', participantCount: 2 });
	const texts = ['first', 'second', 'third'];
	const connector = net.system.service('connector');
	await connector.stop();
	await connector.start({ CM_CRASH_AT: point });
	await person.connected();
	const pid = connector.pid();
	for (const text of texts) await admin(net.system, '/admin/messages', { from: berta, to: jid, text });
	await expect.poll(() => net.eventsOf('message.received', 'ana').length, { timeout: 20_000 }).toBe(3);
	// It did die on the way; after the receipt of the last one perhaps only now.
	await expect.poll(() => connector.pid()).not.toBe(pid);
	const got = await Promise.all(
		net.eventsOf('message.received', 'ana').map(async (event) => {
			const sealed = event.data.content;
			if (sealed === null) return null;
			// The connector may still be coming back: what it published before it died is already here.
			const { key } = await vi.waitFor(
				() => person.anywhere.eventKeys.get({ userId: 'ana', keyId: sealed.keyId }),
				{
					timeout: 20_000,
				},
			);
			return openEventContent(importEventKey(sealed.keyId, Buffer.from(key, 'base64')), event.id, sealed)
				.text;
		}),
	);
	expect(got).toEqual(texts);
});
