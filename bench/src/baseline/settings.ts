import { z } from 'zod';

/** What the processes of the baseline are started with, as their one argument. */
export const Settings = z.object({
	natsUrl: z.string(),
	natsUser: z.string().optional(),
	natsPassword: z.string().optional(),
	databaseUrl: z.string(),
});
export type Settings = z.infer<typeof Settings>;

export const subjects = { echo: 'bench.echo', page: 'bench.page' } as const;

export function readSettings(): Settings {
	return Settings.parse(JSON.parse(process.argv[2] ?? '{}'));
}
