import { z } from 'zod';
import { ConfigError, type ConfigFault } from './config-error.ts';
import { describeSetting, type Setting } from './setting.ts';
import { tracingShape } from './tracing-settings.ts';

/** Settings that every process has; `defineConfig` adds them to each shape. */
const commonShape = {
	LOG_LEVEL: z
		.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
		.default('info')
		.describe('How much is logged.'),
	...tracingShape,
};

export type CommonSettings = z.infer<z.ZodObject<typeof commonShape>>;
export type Environment = Readonly<Record<string, string | undefined>>;

export type Config<Values extends CommonSettings = CommonSettings> = {
	/** Every setting in the order of the shape: `.env.example` and the settings page are made from this. */
	readonly settings: readonly Setting[];
	/** Parses once. An empty string counts as unset. Throws a `ConfigError` that names all faults together. */
	load(env: Environment): Values;
	/** The values for the one boot line: secrets that are set read `[redacted]`. */
	redacted(values: Values): Record<string, unknown>;
};

/**
 * The settings of a process, one schema for each environment variable. Say `.describe('…')` on all and
 * `.meta({ secret: true })` on secrets. `rules` looks at settings that depend on each other, after each is right by itself.
 */
export function defineConfig<Shape extends Record<string, z.ZodType>>(
	shape: Shape,
	rules?: (values: ConfigValues<Shape>) => readonly ConfigFault[],
): Config<ConfigValues<Shape>> {
	const schemas: Record<string, z.ZodType> = { ...commonShape, ...shape };
	const settings = Object.entries(schemas).map(([name, schema]) => describeSetting(name, schema));
	const secrets = new Set(settings.filter((setting) => setting.secret).map((setting) => setting.name));
	const schema = z.object(schemas);
	return {
		settings,
		load(env) {
			const given = Object.fromEntries(Object.keys(schemas).map((name) => [name, env[name] || undefined]));
			const parsed = schema.safeParse(given);
			if (!parsed.success) throw new ConfigError(faultsOf(parsed.error, given));
			const values = parsed.data as ConfigValues<Shape>;
			const faults = rules?.(values) ?? [];
			if (faults.length > 0) throw new ConfigError(faults);
			return values;
		},
		redacted(values) {
			const shown = Object.entries(values).map(([name, value]) => [
				name,
				secrets.has(name) && value !== undefined ? '[redacted]' : value,
			]);
			return Object.fromEntries(shown);
		},
	};
}

/** What `load` of a config with this shape gives. */
export type ConfigValues<Shape extends Record<string, z.ZodType>> = z.infer<z.ZodObject<Shape>> &
	CommonSettings;

function faultsOf(error: z.ZodError, given: Environment): ConfigFault[] {
	return error.issues.map((issue) => {
		const setting = String(issue.path[0]);
		return { setting, fault: given[setting] === undefined ? 'is required and not set' : issue.message };
	});
}
