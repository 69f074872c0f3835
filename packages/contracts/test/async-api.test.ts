import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import {
	eventSpec,
	eventsAsyncApi,
	eventTypes,
	jsonSchema,
	postedEventTypes,
	webhookExample,
	webhookPayload,
	webhooksAsyncApi,
} from '../src/index.ts';

const schemaPath = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
	JSON.parse(readFileSync(schemaPath, 'utf8')),
);

it.each([
	['webhooks', webhooksAsyncApi],
	['events', eventsAsyncApi],
])('the description of %s is valid AsyncAPI', (_name, description) => {
	validate(description);
	expect(validate.errors ?? []).toEqual([]);
	expect(validate({ ...description, channels: { x: { address: 1 } } })).toBe(false);
});

it('describes every event that can reach a subscriber', () => {
	const { webhook } = webhooksAsyncApi.channels as Record<string, { messages: object }>;
	expect(Object.keys(webhook?.messages ?? {})).toEqual(postedEventTypes);
	expect(postedEventTypes).not.toContain('settings.changed');
	expect(postedEventTypes).not.toContain('account.deleted');
	// What has no publisher never is on the bus.
	expect(Object.keys(eventsAsyncApi.channels as object)).toEqual(
		eventTypes.filter((type) => eventSpec(type).publisher !== null),
	);
});

it.each(postedEventTypes)('the body of %s is as its example, with nothing sealed', (type) => {
	expect(webhookPayload(type).safeParse(webhookExample(type)).error).toBeUndefined();
	expect(JSON.stringify(jsonSchema(webhookPayload(type), 'output'))).not.toContain('keyId');
});
