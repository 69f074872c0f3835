import { startConnectorSystem } from './connector-system.ts';

/** Phones of people who know each other. */
export const ana = '15550000001';
export const berta = '15550000002';

/** The connector and the record, and Ana, whose device is linked and who starred a group of hers; others are in it or not. */
export async function startStarredGroup({ subject = 'Support', strangers = [] as readonly string[] } = {}) {
	const net = await startConnectorSystem(['emulator', 'storage', 'connector']);
	const person = net.person('ana');
	await person.link(ana);
	for (const phone of [berta, ...strangers]) await net.phone(phone);
	const jid = await net.group(ana, subject, [berta]);
	await person.holder.groups.star({ jid }, person.caller());
	return { net, person, jid };
}
export type StarredGroup = Awaited<ReturnType<typeof startStarredGroup>>;
