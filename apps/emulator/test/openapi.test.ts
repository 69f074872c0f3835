import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaOf } from '../src/admin/openapi.ts';
import type { Route } from '../src/admin/route.ts';
import { routes } from '../src/admin/routes.ts';
import { createEmulator, type Emulator } from '../src/index.ts';
import { exampleOf, type Schema, wrongFor } from './support/json-schema.ts';

/** Bodies are read up to a mebibyte. */
const OVERSIZED = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });

describe('the description of the admin API', () => {
	let emulator: Emulator;
	beforeAll(async () => {
		emulator = await createEmulator();
	});
	afterAll(() => emulator.close());
	const describe31 = async () =>
		(await fetch(`${emulator.adminUrl}/openapi.json`)).json() as Promise<Described>;

	it('is OpenAPI 3.1', async () => {
		const description = await describe31();
		expect(description.openapi).toBe('3.1.0');
		expect(await new Validator().validate(description)).toEqual({ valid: true });
		// What the validator is worth: it finds a mistake that is made on purpose.
		const broken = { ...description, info: {} };
		expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
	});

	it('has every route, each under a name of its own', async () => {
		const { paths } = await describe31();
		const operations = Object.values(paths).flatMap((path) => Object.values(path));
		expect(operations).toHaveLength(routes.length);
		expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length);
	});

	it('is true of answers, too', async () => {
		emulator.accounts.create({ phone: '15550001111', pushName: 'Ana' });
		const { paths } = await describe31();
		const schema = paths['/admin/accounts']?.get?.responses['200']?.content['application/json']?.schema;
		const { accounts } = (await (await fetch(`${emulator.adminUrl}/accounts`)).json()) as {
			accounts: object[];
		};
		const described = schema?.properties?.accounts?.items?.properties ?? {};
		expect(Object.keys(described).sort()).toEqual(Object.keys(accounts[0] ?? {}).sort());
	});
});

/** Generated from the table of routes: a route that is added is tried like all others. */
describe('every admin call', () => {
	let emulator: Emulator;
	beforeAll(async () => {
		emulator = await createEmulator();
	});
	afterAll(() => emulator.close());

	const send = async (method: string, path: string, body?: string) => {
		const response = await fetch(`${emulator.adminUrl}${path}`, {
			method: method.toUpperCase(),
			headers: { 'content-type': 'application/json', connection: 'close' },
			...(body === undefined ? {} : { body }),
		});
		return { status: response.status, text: await response.text() };
	};
	/** A refusal in one sentence that says nothing of the inside, whatever came. */
	const refused = ({ status, text }: { status: number; text: string }, what: string) => {
		expect(status, `${what}: ${text}`).toBeGreaterThanOrEqual(400);
		expect(status, `${what}: ${text}`).toBeLessThan(500);
		expect(JSON.parse(text), what).toEqual({ error: expect.stringMatching(/^.{5,300}$/s) });
		expect(text, what).not.toMatch(/node_modules|\.ts:|ZodError/);
	};
	const pathOf = ({ path, params }: Route, change: Record<string, string> = {}) => {
		const example = {
			...(exampleOf(schemaOf(params, 'input') as Schema) as Record<string, string>),
			...change,
		};
		return path.replaceAll(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(example[name] ?? 'x'));
	};

	const withBody = routes.filter(({ method, text }) => method !== 'get' && !text);
	const named = (list: readonly Route[]) =>
		list.map((route) => [`${route.method} ${route.path}`, route] as const);

	it.each(named(withBody))(
		'%s refuses bodies that are broken, too large or of the wrong kind',
		async (name, route) => {
			const path = pathOf(route);
			for (const body of ['{', '[]', '"text"', '1', 'null', '{"a":'])
				refused(await send(route.method, path, body), `${name} ${body}`);
			refused(await send(route.method, path, OVERSIZED), `${name} oversized`);
		},
	);

	it.each(named(withBody))('%s refuses unknown fields and wrong types', async (name, route) => {
		const schema = schemaOf(route.body, 'input') as Schema;
		const path = pathOf(route);
		for (const variant of schema.oneOf ?? schema.anyOf ?? [schema]) {
			const whole = exampleOf(variant, true) as Record<string, unknown>;
			refused(
				await send(route.method, path, JSON.stringify({ ...whole, mispelt: 1 })),
				`${name} unknown field`,
			);
			for (const [field, property] of Object.entries(variant.properties ?? {})) {
				for (const wrong of wrongFor(property)) {
					const body = JSON.stringify({ ...whole, [field]: wrong });
					refused(await send(route.method, path, body), `${name} ${field}: ${JSON.stringify(wrong)}`);
				}
			}
			for (const field of variant.required ?? []) {
				const { [field]: _, ...rest } = whole;
				refused(await send(route.method, path, JSON.stringify(rest)), `${name} without ${field}`);
			}
		}
	});

	it.each(named(routes))('%s refuses wrong parameters', async (name, route) => {
		const separator = route.path.includes('?') ? '&' : '?';
		refused(await send(route.method, `${pathOf(route)}${separator}mispelt=1`), `${name}: unknown parameter`);
		const inPath = (schemaOf(route.params, 'input') as Schema).properties ?? {};
		for (const parameter of Object.keys(inPath)) {
			for (const wrong of ['…', '%', 'a'.repeat(300), '../..', '{}'])
				refused(
					await send(route.method, pathOf(route, { [parameter]: wrong })),
					`${name} ${parameter}: ${wrong}`,
				);
		}
		const inQuery = (schemaOf(route.query, 'input') as Schema).properties ?? {};
		for (const parameter of Object.keys(inQuery)) {
			const wrong = `${pathOf(route)}${separator}${parameter}=wrong&${parameter}=twice`;
			refused(await send(route.method, wrong), `${name} ${parameter}`);
		}
	});

	it.each(named(routes.filter(({ text }) => text)))('%s refuses text that is none', async (name, route) => {
		refused(await send(route.method, pathOf(route), ''), `${name} empty`);
		refused(await send(route.method, pathOf(route), 'x'.repeat(5000)), `${name} long`);
		refused(await send(route.method, pathOf(route), '\0\u{1f600}#,,,'), `${name} nonsense`);
	});
});

type Described = {
	readonly openapi: string;
	readonly paths: Readonly<
		Record<
			string,
			Readonly<
				Record<
					string,
					{
						readonly operationId: string;
						readonly responses: Readonly<
							Record<string, { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }>
						>;
					}
				>
			>
		>
	>;
};
