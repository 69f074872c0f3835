import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commonErrors, entries, routes, scopeTable, tools } from '../src/index.ts';

describe('every operation', () => {
	it('exists', () => expect(entries.length).toBeGreaterThan(10));

	it.each(entries)('$id has examples that satisfy its schemas', ({ operation }) => {
		expect(operation.input.safeParse(operation.example.input).error).toBeUndefined();
		expect(operation.output.safeParse(operation.example.output).error).toBeUndefined();
	});

	it.each(entries)('$id refuses unknown fields', ({ operation }) => {
		const input = { ...operation.example.input, noSuchField: 1 };
		expect(operation.input.safeParse(input).error?.issues[0]?.code).toBe('unrecognized_keys');
	});

	it.each(entries)('$id says something of its own, and has a bounded time', ({ operation }) => {
		expect(operation.summary).toMatch(/^[A-Z].{10,140}$/);
		expect(operation.timeoutMs).toBeGreaterThan(0);
		expect(operation.timeoutMs).toBeLessThanOrEqual(60_000);
		for (const code of operation.errors) expect(commonErrors).not.toContain(code);
	});

	it.each(entries)('$id takes an idempotency key if an agent could do it twice', ({ operation }) => {
		if (operation.kind !== 'granted' || operation.tool === undefined || operation.tool.idempotent) return;
		if (operation.scope === 'webhooks:manage') return; // A webhook that exists twice is seen and deleted.
		expect(Object.keys(operation.input.shape)).toContain('idempotencyKey');
	});

	it.each(entries)('$id asks a person only before it changes something', ({ operation }) => {
		if (operation.kind === 'internal' || operation.tool?.confirm === undefined) return;
		expect(operation.tool.readOnly).toBe(false);
	});

	it('is named once among the routes', () => {
		expect(new Set(routes.map(({ path }) => path)).size).toBe(routes.length);
	});
});

describe('every tool', () => {
	it('is named once', () => {
		expect(tools.length).toBeGreaterThanOrEqual(6);
		expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
	});

	it.each(tools)('$name is fit for every client', ({ name, scope, definition, entry }) => {
		expect(name).toMatch(/^[a-z0-9_]{1,40}$/);
		expect(definition.description.length).toBeLessThanOrEqual(1024);
		expect(scopeTable[scope].token).toBe(true);
		expect(definition.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
		expect(definition.outputSchema).toMatchObject({ type: 'object' });
		expect(JSON.stringify(definition)).not.toContain('$schema');
		expect(definition.annotations.readOnlyHint && definition.annotations.destructiveHint).toBe(false);
		if (scope.endsWith(':read')) expect(definition.annotations.readOnlyHint).toBe(true);
		expect(entry.operation.idempotent || !definition.annotations.readOnlyHint).toBe(true);
	});

	it('has no union at the root of a schema, which some clients cannot read', () => {
		for (const { definition } of tools) {
			for (const schema of [definition.inputSchema, definition.outputSchema]) {
				expect(Object.keys(schema)).not.toEqual(expect.arrayContaining(['anyOf']));
				expect(Object.keys(schema)).not.toEqual(expect.arrayContaining(['oneOf']));
			}
		}
	});
});

describe('a wrong input', () => {
	it('is described by field and fault, without its value', () => {
		const entry = entries.find(({ id }) => id === 'connector.messages.send');
		const result = entry?.operation.input.safeParse({ jid: 'secret-value', text: '' });
		expect(result?.success).toBe(false);
		expect(z.prettifyError(result?.error ?? new z.ZodError([]))).not.toContain('secret-value');
	});
});
