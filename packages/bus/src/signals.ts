import { signalSubject } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { Bus } from './connection.ts';

/** A hint between replicas: heard by all that listen, by nobody otherwise, never repeated. Nothing may depend on it alone. */
export type Signal<T extends z.ZodType> = { service: string; name: string; data: T };

export function sendSignal<T extends z.ZodType>(bus: Bus, signal: Signal<T>, data: z.input<T>): void {
	try {
		bus.nats.publish(signalSubject(signal.service, signal.name), JSON.stringify(data));
	} catch (error) {
		// A connection that is being closed takes nothing any more, and says so only here.
		bus.log.debug({ error, signal: signal.name }, 'Signal not sent');
	}
}

export function onSignal<T extends z.ZodType>(
	bus: Bus,
	signal: Signal<T>,
	listener: (data: z.output<T>) => void,
): Disposable {
	const subscription = bus.nats.subscribe(signalSubject(signal.service, signal.name), {
		callback: (error, message) => {
			if (error !== null) return bus.log.warn({ error, signal: signal.name }, 'Signal lost');
			const data = signal.data.safeParse(message.json());
			if (data.success) listener(data.data);
			else bus.log.warn({ signal: signal.name, error: data.error }, 'Signal not understood');
		},
	});
	return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
