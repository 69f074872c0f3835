import { SubjectToken } from './ids.ts';

/** Everything on the bus stands below this version; within a version fields are only added. */
const root = 'cm.v1';

/** The subject of an operation. `userId` is given when one connector, the holder of that user's socket, must answer. */
export function operationSubject(service: string, domain: string, verb: string, userId?: string): string {
	return subject('rpc', service, ...(userId === undefined ? [] : [userId]), domain, verb);
}

/** What a service subscribes to in order to answer all its operations (of one user, for a connector). */
export function serviceSubjects(service: string, userId?: string): string {
	return `${subject('rpc', service, ...(userId === undefined ? [] : [userId]))}.>`;
}

/** The subject of an event; `type` is `domain.pastTense`. */
export function eventSubject(userId: string, type: string): string {
	return subject('event', userId, ...type.split('.'));
}

/** What matches every event of one user. */
export function userEventsFilter(userId: string): string {
	return `${subject('event', userId)}.>`;
}

/** What matches every event of the given types of every user; without types, all events. */
export function eventFilters(types?: readonly string[]): string[] {
	if (types === undefined) return [`${root}.event.>`];
	return types.map((type) => `${root}.event.*.${type.split('.').map(checked).join('.')}`);
}

/** The subject of a signal: a hint between replicas of one service that may be lost without harm. */
export function signalSubject(service: string, name: string): string {
	return subject('signal', service, name);
}

/** The subject of a hint that something of a user's has changed; without a topic, all hints of that user. */
export function changeSubject(userId: string, topic?: string): string {
	return topic === undefined ? `${subject('change', userId)}.*` : subject('change', userId, topic);
}

/** All hints of what changed, of all users. */
export function changeSubjects(): string {
	return `${subject('change')}.*.*`;
}

/** All signals between the replicas of a service. */
export function signalSubjects(service: string): string {
	return `${subject('signal', service)}.>`;
}

function subject(...tokens: string[]): string {
	return [root, ...tokens.map(checked)].join('.');
}

function checked(token: string): string {
	return SubjectToken.parse(token);
}
