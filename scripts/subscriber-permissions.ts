/**
 * `npm run subscriber-permissions -- NAME EVENT`: what the NATS user of an internal subscriber may do that reads one kind of
 * event, as the `permissions` of nats-server's configuration.
 */
import { subscriberPermissions } from '@chat-manager/bus';
import { type EventType, eventTypes } from '@chat-manager/contracts';

const [name = '', type = ''] = process.argv.slice(2);
const isEvent = (text: string): text is EventType => eventTypes.some((known) => known === text);
if (/^[A-Za-z0-9_-]{1,32}$/.test(name) && isEvent(type)) {
	console.log(JSON.stringify(subscriberPermissions(name, type), null, '\t'));
} else {
	console.error(
		`Say who reads which event: npm run subscriber-permissions -- NAME EVENT\nNAME is up to 32 letters, digits, _ or -; EVENT is one of ${eventTypes.join(', ')}.`,
	);
	process.exitCode = 1;
}
