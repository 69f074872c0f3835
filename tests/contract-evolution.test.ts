import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from './support/breaking-changes.ts';
import { fileAt, previousRelease } from './support/previous-version.ts';

const file = 'packages/contracts/contract.lock.json';

it('the contract can be spoken with processes of the last version', async () => {
	const before: unknown = JSON.parse(await fileAt(await previousRelease(), file));
	const after: unknown = JSON.parse(await readFile(join(import.meta.dirname, '..', file), 'utf8'));
	expect(breakingChanges(after, after)).toEqual([]);
	expect(breakingChanges(before, after)).toEqual([]);
});

describe('a change that the last version cannot live with is found', () => {
	const text = { type: 'string' };
	const kind = { type: 'string', enum: ['a', 'b'] };
	const object = (properties: object, required: string[]) => ({
		type: 'object',
		properties,
		required,
		additionalProperties: false,
	});
	const lock = (input: object, output: object, event: object, more = {}) => ({
		operations: {
			'storage.notes.add': {
				kind: 'granted',
				scope: 'notes:write',
				tool: 'add_note',
				idempotent: true,
				errors: ['group_not_starred'],
				input,
				output,
				...more,
			},
		},
		events: { 'note.added': event },
	});
	const input = object({ text, kind }, ['text']);
	const output = object({ id: text, kind }, ['id']);
	const event = object({ id: text, kind }, ['id']);
	const before = lock(input, output, event);
	const wider = { type: 'string', enum: ['a', 'b', 'c'] };

	it.each([
		['an operation is gone', { ...before, operations: {} }],
		['an event is gone', { ...before, events: {} }],
		['a field of a request becomes required', lock(object({ text, kind }, ['text', 'kind']), output, event)],
		[
			'a new field of a request is required',
			lock(object({ text, kind, x: text }, ['text', 'x']), output, event),
		],
		['a field of a request is gone', lock(object({ text }, ['text']), output, event)],
		['a required field of a request becomes optional', lock(object({ text, kind }, []), output, event)],
		[
			'a request may hold less',
			lock(object({ text: { ...text, maxLength: 9 }, kind }, ['text']), output, event),
		],
		[
			'a value is not taken any more',
			lock(object({ text, kind: { ...kind, enum: ['a'] } }, ['text']), output, event),
		],
		['a field of an answer is gone', lock(input, object({ kind }, []), event)],
		[
			'a field of an answer is new and required',
			lock(input, object({ id: text, kind, x: text }, ['id', 'x']), event),
		],
		['an answer has a value more', lock(input, object({ id: text, kind: wider }, ['id']), event)],
		[
			'an answer may be null',
			lock(input, object({ id: { anyOf: [text, { type: 'null' }] }, kind }, ['id']), event),
		],
		['an event has a value more', lock(input, output, object({ id: text, kind: wider }, ['id']))],
		[
			'a field of an event has another type',
			lock(input, output, object({ id: { type: 'integer' }, kind }, ['id'])),
		],
		[
			'a field of an event is new and required',
			lock(input, output, object({ id: text, kind, x: text }, ['id', 'x'])),
		],
		['it has another scope', lock(input, output, event, { scope: 'notes:read' })],
		['it fails in a way that nobody knows', lock(input, output, event, { errors: ['note_lost'] })],
	])('%s', (_, after) => {
		expect(breakingChanges(before, after)).not.toEqual([]);
	});

	it.each([
		['a field of a request', lock(object({ text, kind, x: text }, ['text']), output, event)],
		['a value that a request may have', lock(object({ text, kind: wider }, ['text']), output, event)],
		[
			'a field of an answer that may be missing',
			lock(input, object({ id: text, kind, x: text }, ['id']), event),
		],
		[
			'a field of an event that may be missing',
			lock(input, output, object({ id: text, kind, x: text }, ['id'])),
		],
		['an event', { ...before, events: { ...before.events, 'note.read': event } }],
	])('and one that it can live with is not: %s is added', (_, after) => {
		expect(breakingChanges(before, after)).toEqual([]);
	});
});
