import { context, propagation } from '@opentelemetry/api';
import { headers, type MsgHdrs } from 'nats';

export const header = { grant: 'Cm-Grant', deadline: 'Cm-Deadline', call: 'Cm-Call' } as const;

/** Headers with the trace of the caller in them (W3C trace context, when a propagator is registered). */
export function tracedHeaders(): MsgHdrs {
	const carrier = headers();
	propagation.inject(context.active(), carrier, { set: (to, key, value) => to.set(key, value) });
	return carrier;
}
