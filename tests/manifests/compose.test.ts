import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DatabaseService, serviceSchemas } from '@chat-manager/database';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { config as backup } from '../../packages/backup/src/config.ts';
import { apps as described, saidByImage } from '../../scripts/generate/deployment/apps.ts';
import { readDockerfile } from '../image/dockerfile.ts';
import { interpolate, makeEnv, readCompose } from './compose.ts';

const repository = join(import.meta.dirname, '../..');
const apps = Object.keys(serviceSchemas) as DatabaseService[];
const { raw, services } = readCompose();
const env = makeEnv('chat.example.com');
const read = (file: string) => readFileSync(join(repository, file), 'utf8');
const imageSteps = readDockerfile(read('infra/Dockerfile')).at(-1)?.steps ?? [];
const imageEnvironment = Object.assign(
	{},
	...imageSteps.map((step) => (step.kind === 'env' ? step.values : {})),
);

function environmentOf(service: string, variables = env): Record<string, string> {
	const given = Object.entries(services[service]?.environment ?? {});
	return Object.fromEntries(given.map(([name, value]) => [name, interpolate(value, variables)]));
}

it('is a compose file by the specification, whose schema refuses another', () => {
	const ajv = new Ajv({ strict: false, allErrors: true });
	addFormats.default(ajv);
	// It names draft-07 by an address that ajv does not know it by.
	const { $schema: _draft07, ...schema } = JSON.parse(read('tests/manifests/compose-spec/compose-spec.json'));
	const validate = ajv.compile(schema);
	expect([validate(raw), validate.errors]).toEqual([true, null]);
	expect(validate({ services: { a: { image: 'b', portz: [] } } })).toBe(false);
});

it.each(apps)('gives %s settings that it starts with, from a .env made by infra/make-env.sh', (app) => {
	const { config } = described[app];
	const values = { ...imageEnvironment, ...environmentOf(app) };
	expect(() => config.load(values)).not.toThrow();
	const names = config.settings.map(({ name }) => name);
	expect(Object.keys(environmentOf(app)).filter((name) => !names.includes(name))).toEqual([]);
	for (const { name } of config.settings.filter(({ required }) => required))
		expect(() => config.load({ ...values, [name]: '' })).toThrow(name);
});

it('says which variable is missing where .env lacks it', () => {
	for (const name of Object.keys(env)) {
		const { [name]: _left, ...rest } = env;
		const starts = () => Object.keys(services).map((service) => environmentOf(service, rest));
		expect(starts, name).toThrow(`${name} is not set`);
	}
});

it('makes every user and password of the NATS authorization known to the servers, and to one program each', () => {
	const asked = [...read('infra/nats/authorization.conf').matchAll(/user: (\w+)\s+password: \$(\w+)/g)];
	expect(asked.map(([, user]) => user).sort()).toEqual([...apps, 'backup', 'restore'].sort());
	for (const [, user = '', variable = ''] of asked) {
		expect(env[variable]).toMatch(/^n[0-9a-f]{64}$/);
		for (const server of ['nats-1', 'nats-2', 'nats-3'])
			expect(environmentOf(server)[variable]).toBe(env[variable]);
		expect(environmentOf(user)).toMatchObject({ NATS_USER: user, NATS_PASSWORD: env[variable] });
	}
	const config = [...read('infra/nats/cluster.conf').matchAll(/\$(\w+)/g)].map(([, variable]) => variable);
	for (const server of ['nats-1', 'nats-2', 'nats-3'])
		expect(Object.keys(environmentOf(server))).toEqual(expect.arrayContaining(config));
});

it.each(['backup', 'restore'])(
	'gives the command %s what it needs, and starts it only when asked',
	(command) => {
		const given = environmentOf(command);
		expect(() => backup.load(given)).not.toThrow();
		const names = backup.settings.map(({ name }) => name);
		expect(Object.keys(given).filter((name) => !names.includes(name))).toEqual([]);
		expect(services[command]).toMatchObject({ profiles: [command], volumes: ['./backups:/backups'] });
	},
);

it('shows no service the secret of another', () => {
	const secretsOf = (app: DatabaseService) =>
		[`CM_DATABASE_PASSWORD_${app}`, `NATS_PASSWORD_${app}`, `CM_MASTER_KEYS_${app}`]
			.map((name) => env[name.toUpperCase()])
			.filter((value) => value !== undefined);
	for (const app of apps) {
		const seen = JSON.stringify(environmentOf(app));
		for (const other of apps.filter((name) => name !== app))
			for (const secret of secretsOf(other)) expect(seen).not.toContain(secret);
		if (app !== 'gateway') expect(seen).not.toContain(env.CM_GRANT_PRIVATE_KEY);
		expect(seen).not.toContain(env.POSTGRES_PASSWORD);
	}
});

it.each(Object.keys(services))(
	'%s does not run as root, is asked for its health, has bounds and comes back',
	(name) => {
		const service = services[name];
		const ours = service?.build !== undefined || service?.image?.startsWith('chat-manager/') === true;
		const user = service?.user ?? (ours ? imageSteps.find((step) => step.kind === 'user')?.name : undefined);
		// The one that gives folders away, once and without a network.
		if (name === 'volumes')
			expect(service).toMatchObject({ user: 'root', network_mode: 'none', cap_drop: ['ALL'] });
		else expect(['', 'root', '0', undefined]).not.toContain(user?.split(':')[0]);
		const endsByItself = service?.restart === 'on-failure';
		if (endsByItself) expect(service?.healthcheck).toEqual({ disable: true });
		else if (ours) expect(imageSteps.map(({ kind }) => kind)).toContain('health');
		else expect(service?.healthcheck).toMatchObject({ test: expect.arrayContaining(['CMD']) });
		expect(service?.mem_limit).toMatch(/^\d+[mg]$/);
		expect(endsByItself || service?.restart === 'unless-stopped').toBe(true);
		if (name !== 'proxy') expect(service?.ports).toEqual([]);
		expect(service).not.toHaveProperty('container_name');
		expect(service?.image).toMatch(/:[^:]+$/);
	},
);

it('lets each program end by itself, and storage, NATS and Postgres nowhere but inside', () => {
	for (const app of apps) {
		expect(Number.parseInt(services[app]?.stop_grace_period ?? '', 10) * 1_000).toBeGreaterThan(
			described[app].stopMs,
		);
		expect(services[app]?.networks.includes('outside')).toBe(described[app].goesOut);
	}
	for (const name of [
		'postgres',
		'nats-1',
		'nats-2',
		'nats-3',
		'storage',
		'set-up-database',
		'backup',
		'restore',
	])
		expect(services[name]?.networks).toEqual(['inside']);
	expect(raw).toMatchObject({ networks: { inside: { internal: true } } });
});

it('leaves to the image what the image says', () => {
	expect(
		Object.keys(imageEnvironment)
			.filter((name) => name !== 'NODE_OPTIONS')
			.sort(),
	).toEqual(saidByImage.filter((name) => name !== 'PORT').sort());
});
