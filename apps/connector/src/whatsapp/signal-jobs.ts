/**
 * libsignal serialises its work with one correspondent in a queue per address, and the queue is the process's: all users
 * whose device talks with the same person share it. Whoever finds it idle runs it, so the job of one user could run in the
 * asynchronous context of another's. Baileys keeps the key transaction that is open in that context: such a job found none,
 * and its session went to the database alone, before the message was captured. A crash at that moment lost the message: at
 * the next delivery its key was used up.
 *
 * Here each job is tied to the context in which it was asked for. libsignal's modules take their copy of the queue when they
 * are loaded, so this must run before Baileys is.
 *
 * @see https://github.com/WhiskeySockets/libsignal-node/blob/master/src/queue_job.js
 */
import { AsyncResource } from 'node:async_hooks';
import { createRequire } from 'node:module';

type Job = () => Promise<unknown>;
type QueueJob = (bucket: string, job: Job) => Promise<unknown>;

const load = createRequire(createRequire(import.meta.url).resolve('@whiskeysockets/baileys'));
const queue = load.resolve('libsignal/src/queue_job.js');
const takers = ['libsignal/src/session_cipher.js', 'libsignal/src/session_builder.js'];

/** Throws when libsignal was loaded before: then it would go on with its own queue. */
export function keepJobsInTheirContext(): void {
	if (takers.some((taker) => load.resolve(taker) in load.cache))
		throw new Error("libsignal is loaded already; its queue must be replaced before Baileys' first import.");
	const queueJob: QueueJob = load(queue);
	const module = load.cache[queue];
	if (module === undefined) throw new Error('libsignal has no queue of jobs any more: see what it does now.');
	const inContext: QueueJob = (bucket, job) => queueJob(bucket, AsyncResource.bind(job));
	module.exports = inContext;
}
