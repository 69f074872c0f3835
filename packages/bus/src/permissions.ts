import {
	addressedByUser,
	changeSubjects,
	type Entry,
	type EventType,
	entries,
	eventFilters,
	eventSpec,
	eventTypes,
	operationSubject,
	type Program,
	programs,
	type ServiceName,
	SubjectToken,
	servedBy,
	serviceSubjects,
	signalSubjects,
} from '@chat-manager/contracts';
import type { EventConsumer } from './consume.ts';
import { eventStream } from './events.ts';

/**
 * What a NATS user may do, as nats-server reads it
 * (https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization): all else is refused.
 */
export type BusPermissions = {
	publish: { allow: string[] };
	subscribe: { allow: string[] };
	/** Answers go to whoever asked, and to nobody else. */
	allow_responses?: { max: number; expires: string };
};

/** What a program needs of the bus beyond what the contract says of it; each declares it beside its consumers. */
export type BusAccess = {
	program: Program;
	consumers: readonly EventConsumer[];
	/** Key-value buckets that are its own. */
	buckets?: readonly string[];
	/** Whether it may change the stream of events, and not only make it where it is missing. */
	ownsEventStream?: boolean;
	/** Whether it may take events of somebody who is gone off the stream. */
	purgesEvents?: boolean;
	/** Whether it hears what changed, of everybody, to show it. */
	hearsChanges?: boolean;
};

/** From the contract: what it answers and calls, the events that it publishes, its signals; from its declaration the rest. */
export function programPermissions(access: BusAccess): BusPermissions {
	const { program, consumers, buckets = [], ownsEventStream = false, purgesEvents = false } = access;
	const services = (Object.keys(servedBy) as ServiceName[]).filter(
		(service) => servedBy[service] === program,
	);
	const asked = entries.filter((entry) => services.includes(entry.service) && isAsked(entry));
	const published = eventTypes.filter((type) => [eventSpec(type).publisher].flat().includes(program));
	const signals = services.map(signalSubjects);
	return {
		publish: {
			allow: [
				...entries.filter((entry) => calls(program, entry)).map(subjectOf),
				...eventFilters(published),
				...signals,
				changeSubjects(),
				...['INFO', 'CREATE', ...(ownsEventStream ? ['UPDATE'] : []), ...(purgesEvents ? ['PURGE'] : [])].map(
					(verb) => `$JS.API.STREAM.${verb}.${eventStream}`,
				),
				...consumers.flatMap(consuming),
				...buckets.flatMap(usingBucket),
			],
		},
		subscribe: {
			allow: [
				inboxes(program),
				...new Set(asked.map(({ service }) => serviceSubjects(service))),
				...signals,
				...(access.hearsChanges ? [changeSubjects()] : []),
			],
		},
		...answering(asked),
	};
}

/**
 * For an internal subscriber: it reads events of one kind through a consumer of its own name, and does nothing else. The
 * filter stands in the subject that makes the consumer, so that it cannot be made with another one.
 */
export function subscriberPermissions(name: string, type: EventType): BusPermissions {
	return {
		publish: { allow: consuming({ durable: SubjectToken.parse(name), types: [type] }) },
		subscribe: { allow: [inboxes(name)] },
	};
}

/** For the command that takes backups: it looks at the stream and its consumers, and changes nothing. */
export function backupPermissions(): BusPermissions {
	const asked = ['STREAM.INFO', 'STREAM.MSG.GET', 'CONSUMER.LIST'];
	return {
		publish: { allow: asked.map((verb) => `$JS.API.${verb}.${eventStream}`) },
		subscribe: { allow: [inboxes('backup')] },
	};
}

/** For the command that restores them: it makes the stream of events anew, and puts back what was in it. */
export function restorePermissions(): BusPermissions {
	const asked = ['INFO', 'DELETE', 'CREATE'].map((verb) => `$JS.API.STREAM.${verb}.${eventStream}`);
	return {
		publish: { allow: [...asked, ...eventFilters()] },
		subscribe: { allow: [inboxes('restore')] },
	};
}

/** The gateway asks in people's names; whoever else asks is named in the contract. */
function calls(program: Program, { service, operation }: Entry): boolean {
	return operation.kind === 'internal'
		? operation.callers.includes(program)
		: program === 'gateway' && servedBy[service] !== program;
}

/** What the gateway answers itself is never asked for on the bus. */
function isAsked(entry: Entry): boolean {
	return programs.some((program) => calls(program, entry));
}

function answering(asked: readonly Entry[]): Pick<BusPermissions, 'allow_responses'> {
	if (asked.length === 0) return {};
	const longestMs = Math.max(...asked.map(({ operation }) => operation.timeoutMs));
	return { allow_responses: { max: 1, expires: `${Math.ceil(longestMs / 1_000) + 5}s` } };
}

function subjectOf({ service, domain, verb }: Entry): string {
	const subject = operationSubject(service, domain, verb, service === addressedByUser ? anyUser : undefined);
	return subject.replace(`.${anyUser}.`, '.*.');
}

/** Holds the place of the wildcard, which no function that builds subjects lets through. */
const anyUser = 'ANY_USER';

function inboxes(name: string): string {
	return `_INBOX_${name}.>`;
}

/** Several filters stand in the body of the request alone, where permissions do not reach: those are for our own programs. */
function consuming({ durable, types }: EventConsumer): string[] {
	const [filter = ''] = eventFilters(types);
	return [
		`$JS.API.CONSUMER.INFO.${eventStream}.${durable}`,
		types.length === 1
			? `$JS.API.CONSUMER.CREATE.${eventStream}.${durable}.${filter}`
			: `$JS.API.CONSUMER.DURABLE.CREATE.${eventStream}.${durable}`,
		`$JS.API.CONSUMER.MSG.NEXT.${eventStream}.${durable}`,
		`$JS.ACK.${eventStream}.${durable}.>`,
	];
}

function usingBucket(bucket: string): string[] {
	const stream = `KV_${bucket}`;
	return [
		`$JS.API.STREAM.INFO.${stream}`,
		`$JS.API.STREAM.CREATE.${stream}`,
		`$JS.API.STREAM.UPDATE.${stream}`,
		`$JS.API.CONSUMER.CREATE.${stream}`,
		`$JS.API.CONSUMER.CREATE.${stream}.>`,
		`$JS.API.CONSUMER.INFO.${stream}.>`,
		`$JS.API.CONSUMER.DELETE.${stream}.>`,
		`$JS.FC.${stream}.>`,
		`$KV.${bucket}.>`,
	];
}
