import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const repository = join(import.meta.dirname, '../..');

const Service = z.looseObject({
	image: z.string().optional(),
	build: z.looseObject({ args: z.record(z.string(), z.string()) }).optional(),
	user: z.string().optional(),
	environment: z.record(z.string(), z.string()).default({}),
	healthcheck: z.looseObject({ disable: z.boolean().optional() }).optional(),
	command: z.array(z.string()).optional(),
	ports: z.array(z.string()).default([]),
	networks: z.array(z.string()).default([]),
	restart: z.string(),
	mem_limit: z.string(),
	stop_grace_period: z.string().optional(),
});
export type ComposeService = z.infer<typeof Service>;

/** docker-compose.yml as it stands, YAML's anchors and merges resolved. */
export function readCompose(): { raw: unknown; services: Record<string, ComposeService> } {
	const raw: unknown = parse(readFileSync(join(repository, 'docker-compose.yml'), 'utf8'), { merge: true });
	const { services } = z.looseObject({ services: z.record(z.string(), Service) }).parse(raw);
	return { raw, services };
}

/** What infra/make-env.sh prints, as compose reads it. */
export function makeEnv(domain: string): Record<string, string> {
	const text = execFileSync(join(repository, 'infra/make-env.sh'), [domain], { encoding: 'utf8' });
	const lines = text.split('\n').filter((line) => /^\w+=/.test(line));
	return Object.fromEntries(
		lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
	);
}

/** `${NAME:?why}` and `${NAME:-otherwise}`, the only two ways in which ours says a variable. */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
	return text.replace(/\$\{(\w+):([?-])([^}]*)\}/g, (_all, name: string, kind: string, rest: string) => {
		const value = env[name] ?? '';
		if (value !== '') return value;
		if (kind === '?') throw new Error(`${name} ${rest}`);
		return rest;
	});
}
