import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, defineConfig, MasterKeys } from '../src/index.ts';

const config = defineConfig(
	{
		PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('The HTTP port.'),
		DATABASE_URL: z.url().meta({ secret: true }).describe('Where Postgres is.'),
		SIMULATOR: z.stringbool().meta({ development: true }).default(false),
		PEPPER: z.string().min(20).meta({ secret: true, example: 'abc…', make: 'openssl rand' }).optional(),
	},
	(values) =>
		values.SIMULATOR && values.PORT === 443 ? [{ setting: 'SIMULATOR', fault: 'is refused' }] : [],
);
/** What every service has without being told. */
const sharedDefaults = {
	LOG_LEVEL: 'info',
	OTEL_BSP_SCHEDULE_DELAY: 5_000,
	OTEL_SDK_DISABLED: false,
	OTEL_TRACES_SAMPLER: 'parentbased_always_on',
	OTEL_TRACES_SAMPLER_ARG: 1,
};
const databaseUrl = 'postgres://u:hunter2@localhost/x';

test('values are parsed, defaults filled in, and an empty string counts as unset', () => {
	const values = config.load({ PORT: '', DATABASE_URL: databaseUrl, SIMULATOR: 'true', UNRELATED: 'x' });
	expect(values).toEqual({
		...sharedDefaults,
		PORT: 8080,
		DATABASE_URL: databaseUrl,
		SIMULATOR: true,
	});
});

test('all faults are reported together, each with its variable and never with a value', () => {
	const wrong = { PORT: 'eighty', SIMULATOR: 'perhaps', PEPPER: 'tooshort', LOG_LEVEL: 'loud' };
	const error = faultsOf(() => config.load(wrong));
	expect(error.faults.map((fault) => fault.setting).sort()).toEqual([
		'DATABASE_URL',
		'LOG_LEVEL',
		'PEPPER',
		'PORT',
		'SIMULATOR',
	]);
	expect(error.message).toContain('DATABASE_URL: is required and not set');
	for (const value of Object.values(wrong)) expect(error.message).not.toContain(value);
});

test('a rule over several settings is a fault like any other', () => {
	const error = faultsOf(() => config.load({ DATABASE_URL: databaseUrl, PORT: '443', SIMULATOR: 'on' }));
	expect(error.message).toBe('SIMULATOR: is refused');
});

test('secrets do not show in the boot line', () => {
	const values = config.load({ DATABASE_URL: databaseUrl });
	expect(config.redacted(values)).toEqual({
		...sharedDefaults,
		PORT: 8080,
		DATABASE_URL: '[redacted]',
		SIMULATOR: false,
	});
});

test('the settings describe themselves, wherever in the chain it was said', () => {
	const found = Object.fromEntries(config.settings.map((setting) => [setting.name, setting]));
	expect(found.PORT).toEqual({
		name: 'PORT',
		description: 'The HTTP port.',
		default: 8080,
		required: false,
		secret: false,
		development: false,
		example: undefined,
		make: undefined,
		takes: 'whole number, 0 to 65535',
	});
	expect(found.DATABASE_URL).toMatchObject({
		required: true,
		secret: true,
		description: 'Where Postgres is.',
	});
	const made = { example: 'abc…', make: 'openssl rand' };
	expect(found.PEPPER).toMatchObject({ required: false, secret: true, takes: 'text', ...made });
	expect(found.SIMULATOR).toMatchObject({ default: false, development: true, takes: '`true`, `false`' });
	expect(found.LOG_LEVEL?.takes).toBe('`fatal`, `error`, `warn`, `info`, `debug`, `trace`, `silent`');
});

test('master keys stand in one secret setting, the newest first', () => {
	const keys = defineConfig({ MASTER_KEYS: MasterKeys.describe('Wraps the data keys.') });
	const [k2, k1] = [randomBytes(32), randomBytes(32)];
	const text = `k2:${k2.toString('base64')}, k1:${k1.toString('base64')}`;
	const values = keys.load({ MASTER_KEYS: text });
	expect(values.MASTER_KEYS.map((master) => master.name)).toEqual(['k2', 'k1']);
	expect(values.MASTER_KEYS[0]?.key.equals(createSecretKey(k2))).toBe(true);
	expect(keys.redacted(values).MASTER_KEYS).toBe('[redacted]');
	expect(keys.settings.at(-1)).toMatchObject({ secret: true, description: 'Wraps the data keys.' });
	for (const wrong of ['k1', 'k1:abc', `k1:${k1.toString('base64')},k1:${k2.toString('base64')}`])
		expect(() => keys.load({ MASTER_KEYS: wrong })).toThrow(/^MASTER_KEYS: /);
});

function faultsOf(load: () => unknown): ConfigError {
	try {
		load();
	} catch (error) {
		if (error instanceof ConfigError) return error;
	}
	throw new Error('no ConfigError was thrown');
}
