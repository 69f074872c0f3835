import type { Logger } from 'pino';
import { node, type Stanza } from '../binary/node.ts';
import { seconds } from '../network/context.ts';
import { refusalText } from '../network/refusal.ts';
import type { Channel, Stage } from '../session/channel.ts';
import type { StanzaFault } from './fault.ts';
import type { Faults, Who } from './faults.ts';

/**
 * Puts the faults between a connection and what serves it. Nothing else knows of them: the serving side sees a channel that
 * loses, doubles or delays what is sent, and stanzas that never arrive.
 *
 * Answers are known by their id. Whatever a handler sends while it works on a stanza that shall end the connection
 * `after`wards is swallowed: the work is done, the client cannot know.
 */
export function withFaults(
	{ faults, nowMs, log }: { faults: Faults; nowMs(): number; log: Logger },
	who: Who,
	channel: Channel,
	open: (channel: Channel) => Stage | undefined,
): Stage | undefined {
	if (faults.takeOffline(who)) {
		channel.drop();
		return undefined;
	}
	const failure = faults.takeLogin(who);
	if (failure !== undefined) {
		const expire = failure.expireSeconds === undefined ? undefined : String(failure.expireSeconds);
		channel.send(node('failure', { reason: String(failure.code), location: 'emulator', expire }));
		channel.close();
		return undefined;
	}
	const held: Stanza[] = [];
	let swallow: (stanza: Stanza) => boolean = () => false;
	let closed = false;

	function hangUp(fault: StanzaFault): void {
		if (fault.kind === 'stream-error') {
			channel.send(streamError(fault.code));
			channel.close();
		} else channel.drop();
	}
	function write(stanza: Stanza): void {
		channel.send(stanza);
		const overtaken = held.findIndex(({ tag }) => tag === stanza.tag);
		if (overtaken >= 0) for (const late of held.splice(overtaken, 1)) channel.send(late);
	}
	function send(stanza: Stanza): void {
		if (swallow(stanza)) return;
		const fault = faults.take('sent', who, stanza);
		if (fault?.kind === 'lose') return;
		if (fault?.kind === 'reorder') held.push(stanza);
		else if (fault?.kind === 'delay') setTimeout(() => write(stanza), fault.delayMs);
		else if (fault?.kind === 'duplicate') {
			write(stanza);
			channel.send(stanza);
		} else if (fault?.kind === 'drop' || fault?.kind === 'stream-error') {
			if (fault.moment === 'after') write(stanza);
			hangUp(fault);
		} else write(stanza);
	}
	const stage = open({ ...channel, send });
	if (!stage) return undefined;

	function handle(stanza: Stanza): void {
		if (!closed) stage?.receive(stanza);
	}
	function handleWithout(isSwallowed: (stanza: Stanza) => boolean, stanza: Stanza): void {
		swallow = isSwallowed;
		try {
			handle(stanza);
		} finally {
			swallow = () => false;
		}
	}
	return {
		receive(stanza) {
			const fault = faults.take('received', who, stanza);
			if (!fault) handle(stanza);
			else if (fault.kind === 'error') {
				const answer = errorAnswer(stanza, fault, seconds(nowMs()));
				if (answer) channel.send(answer);
			} else if (fault.kind === 'silence') {
				if (fault.handled) handleWithout((sent) => isAnswer(sent, stanza), stanza);
			} else if (fault.kind === 'delay') {
				setTimeout(() => {
					try {
						handle(stanza);
					} catch (error) {
						log.warn({ err: error }, 'connection cut: what the client sent could not be handled');
						channel.drop();
					}
				}, fault.delayMs);
			} else {
				if ('moment' in fault && fault.moment === 'after') handleWithout(() => true, stanza);
				hangUp(fault);
			}
		},
		closed() {
			closed = true;
			stage.closed();
		},
	};
}

export function streamError(code: number): Stanza {
	if (code === 440) return node('stream:error', {}, [node('conflict', { type: 'replaced' })]);
	const children = code === 401 ? [node('conflict', { type: 'device_removed' })] : undefined;
	return node('stream:error', { code: String(code) }, children);
}

function isAnswer({ tag, attrs }: Stanza, request: Stanza): boolean {
	return (tag === 'iq' || tag === 'ack') && attrs.id === request.attrs.id;
}

function errorAnswer(
	{ tag, attrs }: Stanza,
	{ code, text = refusalText(code) }: { code: number; text?: string | undefined },
	t: string,
): Stanza | undefined {
	const { id, to, participant } = attrs;
	if (tag === 'iq')
		return node('iq', { from: to, id, type: 'error' }, [node('error', { code: String(code), text })]);
	if (tag === 'message')
		return node('ack', { class: 'message', id, from: to, t, participant, error: String(code) });
	return undefined;
}
