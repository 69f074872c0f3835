import { expect, it } from 'vitest';
import { eventSpec, eventSubject, eventTypes, operationSubject } from '../src/index.ts';

it.each(eventTypes)('%s has an example that satisfies its schema', (type) => {
	expect(eventSpec(type).data.safeParse(eventSpec(type).example).error).toBeUndefined();
});

it.each(['a.b', '*', '>', '', 'a b', 'x'.repeat(65)])('a subject cannot be built from %j', (token) => {
	expect(() => operationSubject('connector', 'groups', 'star', token)).toThrow();
	expect(() => eventSubject(token, 'message.received')).toThrow();
});
